// Slack's mrkdwn to nodes. Source: https://docs.slack.dev/messaging/formatting-message-text/.
import { element } from "./dom.js";

const EMOJI = {
  ballot_box_with_check: "☑️", black_square_for_stop: "⏹️", grey_question: "❔", heavy_minus_sign: "➖",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", large_green_circle: "🟢", large_yellow_circle: "🟡", lock: "🔒", mag: "🔍",
  no_entry: "⛔", page_facing_up: "📄", pushpin: "📌", red_circle: "🔴", satellite: "🛰️", scissors: "✂️",
  warning: "⚠️", white_check_mark: "✅", white_circle: "⚪", wrench: "🔧", x: "❌", eyes: "👀", link: "🔗", information_source: "ℹ️",
};
const PART =
  /```([\s\S]*?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])|:([a-z0-9_+-]+):/;
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

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
  return nodes;
}

function part([whole, block, code, special, bold, italic, struck, emoji], reader) {
  if (block !== undefined) return element("pre", {}, plain(block));
  if (code !== undefined) return element("code", {}, plain(code));
  if (special !== undefined) return reference(special, reader);
  if (bold !== undefined) return element("strong", {}, mrkdwn(bold, reader));
  if (italic !== undefined) return element("em", {}, mrkdwn(italic, reader));
  if (struck !== undefined) return element("s", {}, mrkdwn(struck, reader));
  return EMOJI[emoji] ?? whole;
}

function reference(said, reader) {
  const [what, label] = said.split("|", 2);
  if (what.startsWith("@")) return mention(`@${reader.name(what.slice(1))}`);
  if (what.startsWith("#")) return mention(`#${reader.channel(what.slice(1))}`);
  if (what.startsWith("!date^")) return date(what.split("^"), label, reader);
  if (what.startsWith("!")) return mention(`@${what.slice(1).split("^")[0]}`);
  return link(plain(what), plain(label ?? what));
}

const mention = (text) => element("span", { class: "mention" }, text);

/** A link out of the page: shown with where it leads, and never followed by the page itself. */
export function link(url, label) {
  if (!/^https?:/.test(url)) return label;
  return element("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, label);
}

function date([, seconds, form], label, reader) {
  const moment = new Date(Number(seconds) * 1000);
  const show = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: reader.timezone, ...options }).format(moment);
  const today = show({ dateStyle: "short" }) === new Intl.DateTimeFormat("en-GB", { timeZone: reader.timezone, dateStyle: "short" }).format(new Date());
  const day = today ? "today" : show({ day: "numeric", month: "short", year: "numeric" });
  const words = form
    .replace(/\{date[a-z_]*\}/g, day)
    .replace("{time_secs}", show({ hour: "2-digit", minute: "2-digit", second: "2-digit" }))
    .replace("{time}", show({ hour: "2-digit", minute: "2-digit" }));
  return element("time", { datetime: moment.toISOString(), title: label }, words);
}
