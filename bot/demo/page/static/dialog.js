// Dialogs: a button's question (https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object)
// and the app's forms (https://docs.slack.dev/surfaces/modals).
import { blocks } from "./blocks.js";
import { byId, element } from "./dom.js";

/** Ask a button's own question; true where it is confirmed. */
export function confirmed(question) {
  const dialog = byId("dialog");
  return new Promise((resolve) => {
    const answer = (yes) => () => { dialog.close(); resolve(yes); };
    dialog.replaceChildren(
      element("h2", {}, question.title?.text ?? "Are you sure?"),
      element("p", {}, question.text?.text ?? ""),
      element(
        "div",
        { class: "actions" },
        element("button", { type: "button", onclick: answer(false) }, question.deny?.text ?? "Cancel"),
        element("button", { type: "button", class: question.style ?? "primary", onclick: answer(true) }, question.confirm?.text ?? "Yes"),
      ),
    );
    dialog.addEventListener("cancel", answer(false), { once: true });
    dialog.showModal();
  });
}

const open = { key: "", id: "" };

/** Show the form that is open for this person, or close it; `deed` sends a choice, the filled form, or its closing. */
export function form(view, reader, deed) {
  const dialog = byId("dialog");
  if (!view) {
    if (open.id) dialog.close();
    open.id = open.key = "";
    return;
  }
  const key = JSON.stringify([view.id, view.hash, view.wrong, view.trouble]);
  if (key === open.key) return;
  const typed = open.id === view.id ? { ...texts(dialog) } : {};
  open.key = key;
  open.id = view.id;
  draw(dialog, view, typed, reader, deed);
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[aria-invalid]") ?? dialog.querySelector("input, textarea, select") ?? dialog).focus();
}

function draw(dialog, view, typed, reader, deed) {
  const fields = view.blocks.map((block) => (block.type === "input" ? field(block, view, typed, dialog, deed) : blocks([block], reader, () => {})));
  const close = () => deed({ deed: "close" });
  const send = (event) => {
    event.preventDefault();
    deed({ deed: "submit", texts: texts(dialog) });
  };
  const submit = view.submit ? element("button", { type: "submit", class: "primary" }, view.submit.text) : null;
  const trouble = view.trouble ? element("p", { class: "bad", role: "alert" }, "We had some trouble connecting. Try again?") : null;
  dialog.replaceChildren(
    element("form", { class: "view", onsubmit: send, autocomplete: "off", novalidate: true },
      element("h2", {}, view.title.text),
      fields.flat(),
      trouble,
      element("div", { class: "actions" }, element("button", { type: "button", onclick: close }, view.close?.text ?? "Close"), submit)),
  );
  dialog.setAttribute("aria-label", view.title.text);
  dialog.oncancel = (event) => {
    event.preventDefault();
    close();
  };
}

function field(block, view, typed, dialog, deed) {
  const label = block.label.text;
  const wrong = view.wrong[label];
  const about = { id: `field-${block.block_id}`, "data-label": label, "aria-describedby": `about-${block.block_id}`, "aria-invalid": wrong ? "true" : null };
  const value = typed[label] ?? view.shown[label] ?? "";
  const make = block.element.type === "static_select" ? select : input;
  return element("div", { class: "field" },
    element("label", { for: about.id }, label, block.optional ? element("span", { class: "hint" }, " (optional)") : null),
    make(block, about, value, (choice) => deed({ deed: "choose", label, choice, texts: texts(dialog) })),
    element("p", { id: about["aria-describedby"], class: wrong ? "bad" : "hint" }, wrong ?? block.hint?.text ?? ""));
}

function input(block, about, value) {
  const limit = { maxlength: block.element.max_length, "data-typed": true };
  if (!block.element.multiline) return element("input", { type: "text", ...about, ...limit, value });
  return element("textarea", { rows: "14", spellcheck: "false", ...about, ...limit }, value);
}

function select(block, about, value, choose) {
  const options = block.element.options.map(({ text }) => element("option", { value: text.text, selected: text.text === value }, text.text));
  const none = value ? null : element("option", { value: "", selected: true }, "Choose …");
  return element("select", { ...about, onchange: (event) => choose(event.target.value) }, none, options);
}

const texts = (dialog) => Object.fromEntries([...dialog.querySelectorAll("[data-typed]")].map((one) => [one.dataset.label, one.value]));
