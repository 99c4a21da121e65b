// Dialogs: a button's question (https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object)
// and the app's forms (https://docs.slack.dev/surfaces/modals).
import { blocks, said } from "./blocks.js";
import { byId, element } from "./dom.js";
import { field, missing, texts, tell } from "./fields.js";

/** Ask a button's own question; true where it is confirmed. */
export function confirmed(question, reader) {
  const dialog = byId("question");
  return new Promise((resolve) => {
    const answer = (yes) => () => { dialog.oncancel = null; dialog.close(); resolve(yes); };
    dialog.replaceChildren(
      element("h2", { id: "asked" }, said(question.title, reader)),
      element("p", {}, said(question.text, reader)),
      element(
        "div",
        { class: "actions" },
        element("button", { type: "button", class: "button", onclick: answer(false) }, said(question.deny, reader)),
        element("button", { type: "button", class: `button ${question.style ?? "primary"}`, onclick: answer(true) }, said(question.confirm, reader)),
      ),
    );
    dialog.oncancel = answer(false);
    dialog.showModal();
  });
}

const open = { key: "", id: "", closed: "" };

/** Show the form that is open for this person, or close it; `deed` sends a choice, the filled form, or its closing. */
export function form(view, reader, deed) {
  const dialog = byId("dialog");
  if (!view || view.id === open.closed) {
    if (open.id) dialog.close();
    open.id = open.key = "";
    return;
  }
  const key = JSON.stringify([view.id, view.hash, view.wrong, view.trouble]);
  if (key === open.key) return;
  const typed = open.id === view.id ? texts(dialog) : {};
  const held = open.id === view.id && dialog.contains(document.activeElement) ? document.activeElement.id : "";
  open.key = key;
  open.id = view.id;
  draw(dialog, view, typed, reader, deed);
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[aria-invalid]") ?? (held ? document.getElementById(held) : null);
  (first ?? dialog.querySelector("input, textarea, select") ?? dialog.querySelector("button")).focus();
}

function draw(dialog, view, typed, reader, deed) {
  const choose = (label, choice) => attempt(dialog, () => deed({ deed: "choose", label, choice, texts: texts(dialog) }));
  const fields = view.blocks.map((block) => (block.type === "input" ? field(block, view, typed, choose) : blocks([block], reader, () => {})));
  const close = () => {
    open.closed = view.id; // at once; the server's answer follows
    form(null, reader, deed);
    deed({ deed: "close" });
  };
  const send = (event) => {
    event.preventDefault();
    if (!missing(dialog)) attempt(dialog, () => deed({ deed: "submit", texts: texts(dialog) }));
  };
  const submit = view.submit ? element("button", { type: "submit", class: "button primary" }, view.submit.text) : null;
  const trouble = view.trouble ? "We had some trouble connecting. Try again?" : "";
  dialog.replaceChildren(
    element("form", { class: "view", onsubmit: send, autocomplete: "off", novalidate: true },
      element("header", {}, element("h2", { id: "title" }, view.title.text), element("button", { type: "button", class: "close", "aria-label": "Close this form", onclick: close }, "✕")),
      element("div", { class: "fields-of-form" }, fields.flat(), element("p", { class: "bad trouble", role: "alert" }, trouble)),
      element("div", { class: "actions" }, element("button", { type: "button", class: "button", onclick: close }, view.close?.text ?? "Close"), submit)),
  );
  dialog.oncancel = (event) => {
    event.preventDefault();
    close();
  };
}

/** Do something once, however often it is pressed meanwhile, and say in the form what is wrong. */
async function attempt(dialog, what) {
  if (dialog.getAttribute("aria-busy") === "true") return;
  dialog.setAttribute("aria-busy", "true");
  try {
    tell(dialog, await what());
  } finally {
    dialog.removeAttribute("aria-busy");
  }
}
