// Where people type: commands are completed, Enter sends, Shift+Enter breaks a line, ArrowUp brings back the last line.
import { completions } from "./completion.js";
import { element } from "./dom.js";

let count = 0;

/** Fill `form`; `given` has commands and addresses, `submit` gets what was typed and returns what is wrong with it. */
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
    placeholder: `${label}, or try ${given.addresses[0]} help`,
    spellcheck: "false",
    autocapitalize: "none",
    enterkeyhint: "send",
  });
  const state = { at: -1, found: [], last: "" };

  function offer() {
    state.found = completions(words.value, given.addresses, given.commands);
    state.at = state.found.length ? 0 : -1;
    state.moved = false;
    show();
  }

  function show() {
    const options = state.found.map(option);
    list.replaceChildren(...options);
    list.hidden = !options.length;
    words.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) words.removeAttribute("aria-activedescendant");
    else words.setAttribute("aria-activedescendant", `${id}-${state.at}`);
    options[state.at]?.scrollIntoView({ block: "nearest" });
  }

  function option(one, index) {
    const pick = (event) => { event.preventDefault(); take(index); };
    const attributes = { role: "option", id: `${id}-${index}`, "aria-selected": String(index === state.at), onmousedown: pick };
    return element("li", attributes, element("strong", {}, one.line), " ", element("span", {}, one.summary));
  }

  function take(index) {
    words.value = `${state.found[index].line} `;
    hide();
    words.focus();
  }

  function hide() {
    state.found = [];
    show();
  }

  function move(by) {
    state.at = (state.at + by + state.found.length) % state.found.length;
    state.moved = true;
    show();
  }

  const KEYS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Tab: () => take(state.at), Escape: hide };

  function key(event) {
    const choosing = state.found.length && !event.shiftKey;
    if (choosing && (KEYS[event.key] || (event.key === "Enter" && state.moved))) {
      event.preventDefault();
      event.stopPropagation();
      (KEYS[event.key] ?? KEYS.Tab)();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "ArrowUp" && !event.altKey && !words.value && state.last) {
      event.preventDefault();
      words.value = state.last;
    }
  }

  async function sent(event) {
    event.preventDefault();
    const said = words.value.trim();
    if (!said) return;
    state.last = said;
    words.value = "";
    hide();
    const problem = await submit(said);
    if (problem && !words.value) words.value = said;
  }

  words.addEventListener("input", offer);
  words.addEventListener("blur", hide);
  words.addEventListener("keydown", key);
  form.addEventListener("submit", sent);
  const send = element("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)" }, "➤");
  form.replaceChildren(list, element("div", { class: "box" }, words, send));
  return words;
}
