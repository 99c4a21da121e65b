// Messages of a channel or a thread; only what has changed is drawn again, so that nobody loses their place.
import { element } from "./dom.js";
import { blocks } from "./blocks.js";
import { mrkdwn } from "./text.js";

const drawn = new WeakMap();

/** Draw `messages` into `room`; `actions` say what a press and the opening of a thread do. */
export function draw(room, messages, reader, actions) {
  const atEnd = room.scrollHeight - room.scrollTop - room.clientHeight < 60;
  const known = drawn.get(room) ?? new Map();
  const now = new Map();
  let place = room.firstChild;
  for (const message of messages) {
    const text = JSON.stringify([message, reader.id]);
    let entry = known.get(message.ts);
    if (!entry || entry.text !== text) {
      const node = article(message, reader, actions);
      if (entry) entry.node.replaceWith(node);
      if (entry && place === entry.node) place = node;
      entry = { text, node };
    }
    now.set(message.ts, entry);
    if (entry.node === place) place = place.nextSibling;
    else room.insertBefore(entry.node, place);
  }
  for (const [ts, entry] of known) if (!now.has(ts)) entry.node.remove();
  drawn.set(room, now);
  if (atEnd) room.scrollTop = room.scrollHeight;
}

function article(message, reader, actions) {
  const who = message.error ? "Slackbot" : reader.name(message.user) || "webhook";
  const head = element(
    "header",
    {},
    element("strong", {}, who),
    message.is_app ? element("span", { class: "badge" }, "app") : null,
    element("time", { class: "hint", datetime: new Date(message.ts * 1000).toISOString() }, clock(message.ts, reader)),
    message.only_for_you ? element("span", { class: "only" }, "Only visible to you") : null,
  );
  const press = (button) => actions.press(message, button);
  const said = message.blocks.length ? blocks(message.blocks, reader, press) : element("p", {}, mrkdwn(message.text, reader));
  return element(
    "article",
    { class: message.only_for_you ? "ephemeral" : "", "data-ts": message.ts, "aria-label": `Message of ${who}` },
    head,
    said,
    message.edited ? element("span", { class: "hint" }, " (edited)") : null,
    message.files.map(file),
    message.replies ? replies(message, actions) : null,
  );
}

function replies(message, actions) {
  const words = `${message.replies} ${message.replies === 1 ? "reply" : "replies"}`;
  return element("button", { type: "button", class: "replies", onclick: () => actions.open(message) }, words);
}

function file(one) {
  const cut = one.cut ? element("p", { class: "hint" }, "The preview ends here; the file goes on.") : null;
  return element(
    "details",
    { class: "file" },
    element("summary", {}, `📄 ${one.name} `, element("span", { class: "hint" }, size(one.size))),
    element("pre", { tabindex: "0" }, one.preview),
    cut,
    element("a", { href: `/files/${encodeURIComponent(one.id)}`, target: "_blank" }, "Open the whole file"),
  );
}

const size = (bytes) => (bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`);

function clock(ts, reader) {
  const options = { timeZone: reader.timezone, hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(ts * 1000));
}
