// Dialogs: a button's question (https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object).
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
