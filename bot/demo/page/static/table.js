// A table with its first row as head: sorted by a press on a head, paged where it is long.
import { element } from "./dom.js";

const PAGE = 25;
const order = new Intl.Collator("en", { numeric: true });

export function table(block, content) {
  const [head, ...rows] = block.rows;
  const right = (index) => (block.column_settings?.[index]?.align === "right" ? "right" : null);
  const state = { column: -1, up: true, page: 0 };
  const body = element("tbody");
  const pages = element("div", { class: "pages" });
  const heads = head.map((cell, index) => {
    const button = element("button", { type: "button", onclick: () => sort(index) }, content(cell));
    return element("th", { scope: "col", class: right(index) }, button);
  });

  function sort(column) {
    state.up = state.column === column ? !state.up : true;
    state.column = column;
    state.page = 0;
    heads.forEach((one, index) => one.setAttribute("aria-sort", index !== column ? "none" : state.up ? "ascending" : "descending"));
    fill();
  }

  function fill() {
    const sorted = [...rows];
    const key = (row) => row[state.column]?.text ?? "";
    if (state.column >= 0) sorted.sort((one, other) => order.compare(key(one), key(other)) * (state.up ? 1 : -1));
    const shown = sorted.slice(state.page * PAGE, (state.page + 1) * PAGE);
    body.replaceChildren(...shown.map((row) => element("tr", {}, row.map((cell, index) => element("td", { class: right(index) }, content(cell))))));
    const last = Math.ceil(rows.length / PAGE) - 1;
    if (last < 1) return;
    const turn = (by, label, off) => element("button", { type: "button", disabled: off, onclick: () => { state.page += by; fill(); } }, label);
    pages.replaceChildren(turn(-1, "Earlier rows", state.page === 0), ` ${state.page + 1} of ${last + 1} `, turn(1, "Later rows", state.page === last));
  }

  fill();
  const made = element("table", {}, element("thead", {}, element("tr", {}, heads)), body);
  return element("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Table" }, made, pages);
}
