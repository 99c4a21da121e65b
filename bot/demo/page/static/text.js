// Slack's mrkdwn to nodes. Source: https://docs.slack.dev/messaging/formatting-message-text/.
import { date } from "./dates.js";
import { element } from "./dom.js";
import { EMOJI } from "./emoji.js";

const PART =
  /```([\s\S]*?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])|:([a-z0-9_+-]+):/;
const LINE = 34; // characters of code in a message on a phone
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const PLACE = /^https:\/\/[\w.-]*slack\.com\/(?:app_redirect\?channel=|archives\/)([A-Z0-9]+)/;

const plain = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);

/** What a text looks like to somebody: `reader` knows the names and the reader's time zone. */
export function mrkdwn(text, reader) {
  const nodes = [];
  let rest = text;
  for (let found = PART.exec(rest); found; found = PART.exec(rest)) {
    nodes.push(plain(rest.slice(0, found.index)), part(found, reader));
    rest = rest.slice(found.index + found[0].length);
  }
  nodes.push(plain(rest));
  return nodes.flat();
}

function part([whole, block, code, special, bold, italic, struck, name], reader) {
  if (block !== undefined) return element("pre", { tabindex: "0" }, plain(block));
  if (code !== undefined) return element("code", {}, unbroken(plain(code)));
  if (special !== undefined) return reference(special, reader);
  if (bold !== undefined) return element("strong", {}, mrkdwn(bold, reader));
  if (italic !== undefined) return element("em", {}, mrkdwn(italic, reader));
  if (struck !== undefined) return element("s", {}, mrkdwn(struck, reader));
  return emoji(name) ?? whole;
}

/** Keep words with hyphens whole, for browsers would part "--tail" after its first; what is longer than a phone's line may break. */
function unbroken(text) {
  const whole = (word) => (word.length <= LINE ? element("span", { class: "whole" }, word) : word);
  return text.split(/(\S*-\S*)/).filter(Boolean).map((part) => (part.includes("-") ? whole(part) : part));
}

/** A named emoji; nothing where this page does not know it. */
export const emoji = (name) => EMOJI[name];

function reference(said, reader) {
  const [what, label] = said.split("|", 2);
  if (what.startsWith("@")) return mention(`@${reader.name(what.slice(1))}`);
  if (what.startsWith("#")) return mention(`#${reader.channel(what.slice(1))}`);
  if (what.startsWith("!date^")) return date(...what.split("^").slice(1, 3), label, reader);
  if (what.startsWith("!")) return mention(label ?? `@${what.slice(1).split("^")[0]}`);
  return link(plain(what), plain(label ?? what), reader);
}

export const mention = (text) => element("span", { class: "mention" }, text);

/** A link: into a channel of this workspace, or out of the page and never followed by the page itself. */
export function link(url, label, reader) {
  const place = PLACE.exec(url)?.[1];
  if (place) return element("a", { href: `/?channel=${place}`, onclick: (event) => { event.preventDefault(); reader.go(place); } }, label);
  if (!/^https?:/.test(url)) return label;
  return element("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, label);
}
