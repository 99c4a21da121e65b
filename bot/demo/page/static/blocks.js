// Block Kit to nodes, as Slack shows it. Source: https://docs.slack.dev/reference/block-kit/blocks.
import { chart } from "./chart.js";
import { element } from "./dom.js";
import { rich } from "./rich.js";
import { emoji, mrkdwn } from "./text.js";
import { table } from "./table.js";

/** All blocks of a message; `press` is called with the button that somebody pressed. */
export const blocks = (list, reader, press) => list.map((block) => (KINDS[block.type] ?? unknown)(block, reader, press));

/** What this page can't draw is said, never left out. */
const unknown = (one) => element("p", { class: "unknown" }, `Slack would show a “${one.type}” here; this demo can't.`);

const KINDS = {
  section: (block, reader, press) =>
    element(
      "div",
      { class: "section" },
      element(
        "div",
        {},
        block.text ? element("p", {}, said(block.text, reader)) : null,
        block.fields ? element("div", { class: "fields" }, block.fields.map((one) => element("p", {}, said(one, reader)))) : null,
      ),
      block.accessory ? control(block.accessory, press) : null,
    ),
  header: (block, reader) => element("h3", {}, said(block.text, reader)),
  context: (block, reader) => element("div", { class: "context" }, block.elements.map((one) => small(one, reader))),
  divider: () => element("hr"),
  actions: (block, reader, press) => element("div", { class: "actions" }, block.elements.map((one) => control(one, press))),
  rich_text: (block, reader) => element("div", { class: "rich" }, block.elements.map((part) => rich(part, reader))),
  image: (block) => image(block),
  table: (block, reader) => table(block, (cell) => content(cell, reader)),
  data_visualization: (block) => chart(block),
  data_table: (block, reader) => table(block, (cell) => content(cell, reader)),
};

/** A text object: mrkdwn is read, plain text only for its emoji, unless it forbids that. */
export function said(text, reader) {
  if (text.type === "mrkdwn") return mrkdwn(text.text, reader);
  return text.emoji === false ? text.text : text.text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}

const small = (one, reader) => (one.type === "image" ? image(one) : element("p", {}, said(one, reader)));

/** Nothing is fetched from elsewhere, so a picture is its description. */
const image = (one) => element("span", { class: "hint", role: "img", "aria-label": one.alt_text }, `🖼 ${one.alt_text}`);

function control(one, press) {
  if (one.type === "image") return image(one);
  if (one.type !== "button") return unknown(one);
  const attributes = { class: `button ${one.style ?? ""}`, "aria-label": one.accessibility_label };
  if (one.url) return element("a", { ...attributes, href: one.url, target: "_blank", rel: "noopener noreferrer" }, said(one.text));
  return element("button", { ...attributes, type: "button", "data-action": one.action_id, onclick: (event) => press(one, event.currentTarget) }, said(one.text));
}

const CELLS = {
  rich_text: (cell, reader) => cell.elements.map((part) => rich(part, reader)),
  raw_text: (cell) => cell.text,
  raw_number: (cell) => cell.text ?? String(cell.value),
};

const content = (cell, reader) => (CELLS[cell.type] ?? unknown)(cell, reader);
