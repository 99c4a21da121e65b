// A form's fields: https://docs.slack.dev/reference/block-kit/blocks/input-block.
import { element } from "./dom.js";

const MISSING = "Please complete this required field.";

/** One field with its label, its hint and what is wrong with it; `choose` hears of a choice. */
export function field(block, view, typed, choose) {
  const label = block.label.text;
  const wrong = view.wrong[label];
  const about = {
    id: `field-${block.block_id}`,
    "data-label": label,
    "aria-describedby": `about-${block.block_id}`,
    "aria-invalid": wrong ? "true" : null,
    "aria-required": block.optional ? null : "true",
  };
  const value = typed[label] ?? view.shown[label] ?? "";
  const made = MAKERS[block.element.type]?.(block, about, value, choose) ?? element("p", { class: "unknown" }, `[${block.element.type}]`);
  return element("div", { class: "field" },
    element("label", { for: about.id }, label, block.optional ? element("span", { class: "hint" }, " (optional)") : null),
    made,
    element("p", { id: about["aria-describedby"], class: wrong ? "bad" : "hint" }, wrong ?? block.hint?.text ?? ""));
}

const MAKERS = { plain_text_input: input, static_select: select };

function input(block, about, value) {
  const { max_length, placeholder, multiline } = block.element;
  const more = { maxlength: max_length, placeholder: placeholder?.text, "data-typed": true };
  if (!multiline) return element("input", { type: "text", autocapitalize: "none", spellcheck: "false", ...about, ...more, value });
  return element("textarea", { rows: "5", spellcheck: "false", ...about, ...more }, value);
}

function select(block, about, value, choose) {
  const options = block.element.options.map(({ text }) => element("option", { value: text.text, selected: text.text === value }, text.text));
  const none = value ? null : element("option", { value: "", selected: true }, block.element.placeholder?.text ?? "Choose …");
  return element("select", { ...about, onchange: (event) => event.target.value && choose(about["data-label"], event.target.value) }, none, options);
}

/** What was typed, by label. */
export const texts = (dialog) => Object.fromEntries([...dialog.querySelectorAll("[data-typed]")].map((one) => [one.dataset.label, one.value]));

/** Whether a required field is empty; each says so, as Slack does before it sends a form. */
export function missing(dialog) {
  const empty = [...dialog.querySelectorAll("[aria-required]")].filter((one) => !one.value.trim());
  for (const one of empty) {
    one.setAttribute("aria-invalid", "true");
    const about = document.getElementById(one.getAttribute("aria-describedby"));
    about.className = "bad";
    about.textContent = MISSING;
  }
  empty[0]?.focus();
  return empty.length > 0;
}

/** Say what is wrong with the form as a whole. */
export function tell(dialog, problem) {
  const room = dialog.querySelector(".trouble");
  if (room && problem) room.textContent = problem;
}
