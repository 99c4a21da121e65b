// The page itself: light or dark, drawers on narrow windows, keys that work everywhere.
import { byId } from "./dom.js";

const DRAWERS = { menu: "side", look: "look" };

/** Channels and cluster, which a narrow window shows on demand, one at a time. */
export const drawers = {
  toggle(button) {
    const on = !document.body.classList.contains(DRAWERS[button]);
    drawers.close();
    document.body.classList.toggle(DRAWERS[button], on);
    byId(button).setAttribute("aria-expanded", String(on));
  },
  close() {
    for (const [button, name] of Object.entries(DRAWERS)) {
      document.body.classList.remove(name);
      byId(button).setAttribute("aria-expanded", "false");
    }
  },
};

/** Let the visitor choose light or dark; without a choice the system's holds. */
export function appearance() {
  const root = document.documentElement;
  const theme = new URLSearchParams(location.search).get("theme") ?? sessionStorage.getItem("theme");
  if (theme) root.dataset.theme = theme;
  byId("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    sessionStorage.setItem("theme", root.dataset.theme);
  });
  for (const button of Object.keys(DRAWERS)) byId(button).addEventListener("click", () => drawers.toggle(button));
}

/** "/" goes to what is typed, Alt with an arrow to another channel, Escape out of a thread or a drawer. */
export function keys({ step, escape }) {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const typing = /^(TEXTAREA|INPUT|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing) byId("words").focus(); // and the slash is typed there
    if (event.key === "Escape") escape();
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
  });
}
