// Where people type: a command is completed from the commands' own summaries; Enter sends, Shift+Enter breaks a line.
import { element } from "./dom.js";

let count = 0;

/** Fill `form`; `given` has the command and its verbs, `submit` is called with what was typed. */
export function composer(form, given, label, submit) {
  const id = form.id || `composer-${(count += 1)}`;
  const list = element("ul", { role: "listbox", id: `${id}-list`, "aria-label": "Commands", hidden: true });
  const words = element("textarea", {
    id: form.id === "composer" ? "words" : `${id}-words`,
    rows: "1",
    role: "combobox",
    "aria-label": label,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
    placeholder: `Try ${given.command} help`,
    spellcheck: "false",
  });
  const state = { at: 0, found: [] };

  function offer() {
    const typed = /^\/(\S*)(?: (\S*))?$/.exec(words.value);
    const begun = typed && given.command.startsWith(`/${typed[1]}`) ? typed[2] ?? "" : null;
    state.found = begun === null ? [] : given.commands.filter((one) => one.verb.startsWith(begun) && one.verb !== begun);
    state.at = 0;
    show();
  }

  function show() {
    const options = state.found.map((one, index) => {
      const attributes = { role: "option", id: `${id}-${index}`, "aria-selected": index === state.at, onmousedown: (event) => { event.preventDefault(); take(index); } };
      return element("li", attributes, element("strong", {}, `${given.command} ${one.verb}`), ` ${one.summary}`);
    });
    options.forEach((one, index) => one.setAttribute("aria-selected", String(index === state.at)));
    list.replaceChildren(...options);
    list.hidden = !options.length;
    words.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) words.removeAttribute("aria-activedescendant");
    else words.setAttribute("aria-activedescendant", `${id}-${state.at}`);
    options[state.at]?.scrollIntoView({ block: "nearest" });
  }

  function take(index) {
    words.value = `${given.command} ${state.found[index].verb} `;
    state.found = [];
    show();
    words.focus();
  }

  function move(by) {
    state.at = (state.at + by + state.found.length) % state.found.length;
    show();
  }

  const KEYS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Tab: () => take(state.at), Escape: () => { state.found = []; show(); } };
  words.addEventListener("input", offer);
  words.addEventListener("blur", KEYS.Escape);
  words.addEventListener("keydown", (event) => {
    if (state.found.length && KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = words.value.trim();
    if (!said) return;
    words.value = "";
    offer();
    submit(said);
  });
  form.replaceChildren(list, words, element("button", { type: "submit", class: "primary" }, "Send"));
  return words;
}
