// A message's menu, with the app's shortcuts: https://docs.slack.dev/interactivity/implementing-shortcuts.
import { element } from "./dom.js";

/** Make the button that opens the menu of a message; `actions.shortcut` is told which entry was chosen. */
export function menu(message, actions) {
  const list = element("div", { role: "menu", "aria-label": "More actions", hidden: true }, actions.shortcuts.map(entry));
  const opener = element("button", { type: "button", "data-action": "more", title: "More actions", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => show(list.hidden) }, "⋮");
  const room = element("div", { class: "more", onkeydown: keys, onfocusout: (event) => room.contains(event.relatedTarget) || show(false) }, opener, list);

  function show(open) {
    list.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) list.firstElementChild.focus();
  }

  function entry(one) {
    return element("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => choose(one) }, one.name);
  }

  function choose(one) {
    show(false);
    opener.focus();
    actions.shortcut(message, one.callback);
  }

  function keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      show(false);
      opener.focus();
    } else if (step && !list.hidden) {
      event.preventDefault();
      const all = [...list.children];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    }
  }

  return room;
}
