// Rich text to nodes: nothing in it is parsed. Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
import { date } from "./dates.js";
import { element } from "./dom.js";
import { emoji, link, mention } from "./text.js";

const ROOMS = { rich_text_preformatted: "pre", rich_text_quote: "blockquote", rich_text_section: "p" };
const STYLES = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

/** One part of a rich text: a paragraph, a quotation, literal lines or a list. */
export function rich(part, reader) {
  if (part.type === "rich_text_list") return list(part, reader);
  const inside = part.elements.map((piece) => styled(run(piece, reader), piece.style));
  const attributes = part.type === "rich_text_preformatted" ? { tabindex: "0", "data-language": part.language } : {};
  return element(ROOMS[part.type] ?? "p", attributes, inside);
}

function list(part, reader) {
  const items = part.elements.map((item) => element("li", {}, item.elements.map((piece) => styled(run(piece, reader), piece.style))));
  const ordered = part.style === "ordered";
  const attributes = { class: `indent-${Math.min(part.indent ?? 0, 4)}`, start: ordered && part.offset ? part.offset + 1 : null };
  return element(ordered ? "ol" : "ul", attributes, items);
}

const RUNS = {
  text: (piece) => piece.text,
  link: (piece, reader) => link(piece.url, piece.text ?? piece.url, reader),
  emoji: (piece) => emoji(piece.name) ?? `:${piece.name}:`,
  user: (piece, reader) => mention(`@${reader.name(piece.user_id)}`),
  channel: (piece, reader) => mention(`#${reader.channel(piece.channel_id)}`),
  date: (piece, reader) => date(piece.timestamp, piece.format, piece.fallback, reader),
};

const run = (piece, reader) => (RUNS[piece.type] ?? (() => element("span", { class: "unknown" }, `[${piece.type}]`)))(piece, reader);

function styled(node, style) {
  return STYLES.reduce((inner, [name, tag]) => (style?.[name] ? element(tag, {}, inner) : inner), node);
}
