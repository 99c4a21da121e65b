// The thread beside the channel: its first message, the answers, and a place to answer.
import { composer } from "./composer.js";
import { byId, element } from "./dom.js";
import { draw } from "./messages.js";

/** Show a thread from its `root` on, or nothing without one; `actions` are `press`, `reply`, `close` and the shortcuts. */
export function thread(root, answers, tools, reader, actions) {
  const room = byId("thread");
  if (!root) {
    closeThread();
    return;
  }
  room.hidden = false;
  if (room.dataset.ts !== root.ts) build(room, root.ts, tools, actions);
  draw(room.querySelector(".answers"), [{ ...root, replies: 0 }, ...answers], reader, actions);
}

export function closeThread() {
  const room = byId("thread");
  room.hidden = true;
  room.dataset.ts = "";
  room.replaceChildren();
}

function build(room, ts, tools, actions) {
  const form = element("form", { autocomplete: "off" });
  room.dataset.ts = ts;
  room.replaceChildren(
    element("header", {}, element("h2", {}, "Thread"), element("button", { type: "button", class: "close", "aria-label": "Close the thread", onclick: actions.close }, "✕")),
    element("div", { class: "answers", tabindex: "0", role: "log", "aria-label": "Thread's messages" }),
    form,
  );
  composer(form, tools, "Reply", actions.reply);
}
