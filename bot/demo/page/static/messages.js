// Messages of a channel or a thread; only what has changed is drawn again, so that nobody loses their place.
import { blocks } from "./blocks.js";
import { clock, inFull } from "./dates.js";
import { element } from "./dom.js";
import { file } from "./files.js";
import { menu } from "./menu.js";
import { mrkdwn } from "./text.js";

const drawn = new WeakMap();
const shownFrom = new WeakMap();
const HUES = 8;

/** Whether a reader is at a scrolled box's end, and so wants to see what comes next. */
export const atEnd = (room) => room.scrollHeight - room.scrollTop - room.clientHeight < 60;

/** Whether what comes next is to be scrolled to: the reader is at the end, or where the newest message was put. */
const follows = (room) => atEnd(room) || shownFrom.get(room) === room.scrollTop;

const newest = (room) => room.querySelector(":scope > article:last-of-type");

/** Scroll to the newest message: to its end, or to its beginning where it is taller than the room. */
export function toNewest(room) {
  const last = newest(room);
  room.scrollTop = room.scrollHeight;
  shownFrom.delete(room);
  if (!last || last.offsetHeight <= room.clientHeight) return;
  room.scrollTop = last.offsetTop - room.offsetTop;
  shownFrom.set(room, room.scrollTop);
}

/** Draw `messages` into `room`; `actions` say what a press and the opening of a thread do. */
export function draw(room, messages, reader, actions) {
  const [stays, read, last] = [follows(room), atEnd(room), newest(room)];
  const known = drawn.get(room) ?? new Map();
  const now = new Map();
  let place = room.querySelector(":scope > article");
  for (const message of messages) {
    const text = JSON.stringify([message, reader.id]);
    let entry = known.get(message.ts);
    if (!entry || entry.text !== text) {
      const node = article(message, reader, actions);
      if (entry && place === entry.node) place = node;
      if (entry) replace(entry.node, node);
      entry = { text, node };
    }
    now.set(message.ts, entry);
    if (entry.node === place) place = place.nextElementSibling;
    else insert(room, entry.node, place);
  }
  for (const [ts, entry] of known) if (!now.has(ts)) entry.node.remove();
  drawn.set(room, now);
  if (read && newest(room) === last) room.scrollTop = room.scrollHeight; // it was read to its end, and is as it was
  else if (stays) toNewest(room);
}

const literal = (node) => [...node.querySelectorAll(".rich > pre:not([data-language])")];

/** Put up a message; long literal text shows its end, as a terminal does, but for what is in a language. */
function insert(room, node, place) {
  room.insertBefore(node, place);
  for (const one of literal(node)) one.scrollTop = one.scrollHeight;
}

/** Put a message's new state in the place of the old; an opened file and the reader's and the keyboard's place stay. */
function replace(old, made) {
  const scrolled = literal(old).map((one) => (atEnd(one) ? Infinity : one.scrollTop));
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const opened = [...old.querySelectorAll("details")].map((one) => one.open);
  made.querySelectorAll("details").forEach((one, index) => { one.open = opened[index] ?? false; });
  old.replaceWith(made);
  literal(made).forEach((one, index) => { one.scrollTop = Math.min(scrolled[index] ?? Infinity, one.scrollHeight); });
  if (!held) return;
  const action = held.dataset.action;
  const same = action ? [...made.querySelectorAll("[data-action]")].find((one) => one.dataset.action === action) : null;
  (same ?? made).focus({ preventScroll: true });
}

function article(message, reader, actions) {
  const who = message.error ? "Slackbot" : reader.name(message.user) || "webhook";
  const press = (button, node) => actions.press(message, button, node);
  const edited = message.edited ? element("span", { class: "edited" }, " (edited)") : null;
  const said = message.blocks.length ? [...blocks(message.blocks, reader, press), edited] : element("p", {}, mrkdwn(message.text, reader), edited);
  return element(
    "article",
    { class: message.only_for_you ? "ephemeral" : null, "data-ts": message.ts, "aria-label": `Message of ${who}`, tabindex: "-1" },
    message.only_for_you ? element("p", { class: "only" }, element("span", { "aria-hidden": "true" }, "👁 "), "Only visible to you") : null,
    element("span", { class: `avatar hue-${hue(who)}`, "aria-hidden": "true" }, who[0].toUpperCase()),
    element(
      "div",
      { class: "body" },
      element(
        "header",
        {},
        element("strong", {}, who),
        message.is_app ? element("span", { class: "badge" }, "app") : null,
        element("time", { class: "hint", datetime: new Date(message.ts * 1000).toISOString(), title: inFull(message.ts, reader) }, clock(message.ts, reader)),
      ),
      said,
      message.files.map(file),
      message.replies ? replies(message, actions) : null,
    ),
    actions.open && !message.only_for_you && !message.thread ? answer(message, actions) : null,
    actions.shortcuts?.length && !message.only_for_you ? menu(message, actions) : null,
  );
}

const hue = (who) => [...who].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % HUES;

function replies(message, actions) {
  const words = `${message.replies} ${message.replies === 1 ? "reply" : "replies"}`;
  return element("button", { type: "button", class: "replies", "data-action": "replies", onclick: () => actions.open(message) }, words);
}

function answer(message, actions) {
  const attributes = { type: "button", class: "answer", "data-action": "answer", title: "Reply in a thread", "aria-label": "Reply in a thread" };
  return element("button", { ...attributes, onclick: () => actions.open(message) }, "💬");
}
