// The quiet panel: pods as the API server prints them, and podbot's requests with whom each was made as.
import { byId, element } from "./dom.js";

const HEADS = ["Name", "Ready", "Status", "Restarts", "Age"];
const BAD = /Err|BackOff|OOM|Failed|Evicted|Unknown|Invalid/;
const last = { pods: "", requests: "" };

export function panel(seen) {
  redraw("pods", seen.pods, namespace);
  redraw("requests", seen.requests, request);
}

/** Draw a part again where it has changed, so that what somebody selects or reads in it stays. */
function redraw(id, things, make) {
  const now = JSON.stringify(things);
  if (last[id] === now) return;
  last[id] = now;
  byId(id).replaceChildren(...things.map(make));
}

function namespace(one) {
  const rows = one.rows.map((cells) => element("tr", {}, cells.map((cell, index) => element("td", { class: index === 2 ? tone(cell) : null, title: cell }, cell.replace(/ \(.*\)$/, "")))));
  const head = element("tr", {}, HEADS.map((name) => element("th", { scope: "col" }, name)));
  const none = element("tr", {}, element("td", { colspan: HEADS.length, class: "hint" }, one.problem ?? "no pods"));
  return element("table", {}, element("caption", {}, one.namespace), element("thead", {}, head), element("tbody", {}, rows.length ? rows : none));
}

const tone = (status) => (BAD.test(status) ? "bad" : status === "Running" || status === "Completed" ? "good" : "waiting");

function request(one) {
  const said = one.status >= 400 || one.status === 0 ? "bad" : "good";
  const who = one.user ? element("strong", {}, one.user) : element("em", {}, "podbot itself");
  const status = element("span", { class: said }, String(one.status || "–"));
  const path = element("span", { class: "path" }, one.path.replace(/^\/apis?\//, ""));
  return element("li", {}, element("div", {}, status, ` ${one.method} `, path), element("div", { class: "as" }, " as ", who));
}
