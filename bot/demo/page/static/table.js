// A table with its first row as head: sorted by a press on a head, paged where it is long.
import { element } from "./dom.js";
import { comparing } from "./order.js";

const PAGE = 25;
const NAME = 63; // characters: the longest label of Kubernetes
const SHORT = 24;
const LONG = 60;

export function table(block, content) {
  const [head, ...rows] = block.rows;
  const page = block.page_size ?? PAGE;
  const align = (index) => block.column_settings?.[index]?.align ?? null;
  const state = { column: -1, up: true, page: 0 };
  const last = Math.ceil(rows.length / page) - 1;
  const body = element("tbody");
  const where = element("span", { role: "status" });
  const earlier = element("button", { type: "button", onclick: () => turn(-1) }, "Earlier rows");
  const later = element("button", { type: "button", onclick: () => turn(1) }, "Later rows");
  const heads = head.map((cell, index) => {
    const button = element("button", { type: "button", onclick: () => sort(index) }, content(cell));
    return element("th", { scope: "col", class: align(index), "aria-sort": "none" }, button);
  });

  function sort(column) {
    state.up = state.column === column ? !state.up : true;
    state.column = column;
    state.page = 0;
    heads.forEach((one, index) => one.setAttribute("aria-sort", index !== column ? "none" : state.up ? "ascending" : "descending"));
    fill();
  }

  function turn(by) {
    state.page = Math.min(Math.max(state.page + by, 0), last);
    fill();
  }

  function sorted() {
    if (state.column < 0) return rows;
    const key = (row) => words(row[state.column]);
    const compare = comparing(rows.map(key));
    return [...rows].sort((one, other) => compare(key(one), key(other)) * (state.up ? 1 : -1));
  }

  function fill() {
    const cell = (one, index) => element(index === block.row_header_column_index ? "th" : "td", { class: classes(align(index), words(one)), scope: index === block.row_header_column_index ? "row" : null }, content(one));
    const shown = sorted().slice(state.page * page, (state.page + 1) * page);
    body.replaceChildren(...shown.map((row) => element("tr", {}, row.map(cell))));
    where.textContent = `${state.page + 1} of ${last + 1}`;
    // Not `disabled`: the button that was just pressed would lose the keyboard's focus.
    earlier.setAttribute("aria-disabled", String(state.page === 0));
    later.setAttribute("aria-disabled", String(state.page === last));
  }

  fill();
  const caption = block.caption ? element("caption", {}, block.caption) : null;
  const made = element("table", {}, caption, element("thead", {}, element("tr", {}, heads)), body);
  const scroller = element("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Table" }, made);
  return last < 1 ? scroller : element("div", {}, scroller, element("div", { class: "pages" }, earlier, where, later));
}

/** How a cell is set: a name, or what is short, stays on one line, as the table scrolls sideways; a sentence gets room. */
function classes(align, text) {
  const whole = text.length <= SHORT || (text.length <= NAME && !/\s/.test(text));
  return [align, whole ? "whole" : null, text.length > LONG ? "long" : null].filter(Boolean).join(" ") || null;
}

/** What a cell says, as plain text. */
function words(cell) {
  if (cell === undefined) return "";
  if (cell.type === "raw_number") return String(cell.value);
  return cell.type === "rich_text" ? cell.elements.flatMap((part) => part.elements.map((piece) => piece.text ?? "")).join("") : cell.text;
}
