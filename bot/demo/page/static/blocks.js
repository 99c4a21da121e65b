// Block Kit to nodes, as Slack shows it. Source: https://docs.slack.dev/reference/block-kit/blocks.
import { element } from "./dom.js";
import { link, mrkdwn } from "./text.js";
import { table } from "./table.js";

/** All blocks of a message; `press` is called with the button that somebody pressed. */
export const blocks = (list, reader, press) => list.map((block) => shape(block, reader, press));

function shape(block, reader, press) {
  const make = KINDS[block.type];
  return make ? make(block, reader, press) : element("p", { class: "hint" }, `[${block.type}]`);
}

const KINDS = {
  section: (block, reader, press) =>
    element(
      "div",
      { class: "section" },
      block.text ? element("p", {}, said(block.text, reader)) : null,
      block.fields ? element("div", { class: "fields" }, block.fields.map((one) => element("p", {}, said(one, reader)))) : null,
      block.accessory ? control(block.accessory, press) : null,
    ),
  header: (block, reader) => element("h3", {}, said(block.text, reader)),
  context: (block, reader) => element("div", { class: "context" }, block.elements.map((one) => element("p", {}, said(one, reader)))),
  divider: () => element("hr"),
  actions: (block, reader, press) => element("div", { class: "actions" }, block.elements.map((one) => control(one, press))),
  rich_text: (block, reader) => element("div", {}, block.elements.map((part) => rich(part, reader))),
  table: (block, reader) => table(block, (cell) => content(cell, reader)),
};

/** A text object: mrkdwn is read, plain text is not. */
export const said = (text, reader) => (text.type === "mrkdwn" ? mrkdwn(text.text, reader) : text.text);

function control(one, press) {
  if (one.type !== "button") return element("span", { class: "hint" }, `[${one.type}]`);
  return element("button", { type: "button", class: one.style ?? "", "data-action": one.action_id, onclick: () => press(one) }, one.text.text);
}

const RICH = { rich_text_preformatted: "pre", rich_text_quote: "blockquote", rich_text_section: "p" };

function rich(part, reader) {
  if (part.type === "rich_text_list") {
    const items = part.elements.map((item) => element("li", {}, rich(item, reader)));
    return element(part.style === "ordered" ? "ol" : "ul", {}, items);
  }
  const inside = part.elements.map((piece) => run(piece, reader));
  const attributes = part.type === "rich_text_preformatted" ? { tabindex: "0" } : {};
  return element(RICH[part.type] ?? "p", attributes, inside);
}

function run(piece, reader) {
  if (piece.type === "link") return link(piece.url, piece.text ?? piece.url);
  if (piece.type === "user") return element("span", { class: "mention" }, `@${reader.name(piece.user_id)}`);
  const style = piece.style ?? {};
  let node = piece.text ?? "";
  for (const [name, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]]) {
    if (style[name]) node = element(tag, {}, node);
  }
  return node;
}

function content(cell, reader) {
  return cell.type === "rich_text" ? cell.elements.map((part) => rich(part, reader)) : cell.text;
}
