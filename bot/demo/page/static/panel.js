// The quiet panel: pods as the API server prints them, and podbot's requests with whom each was made as.
import { byId, element } from "./dom.js";

const HEADS = ["Name", "Ready", "Status", "Restarts", "Age"];
const BAD = /Err|BackOff|OOM|Failed|Evicted|Unknown|Invalid/;

export function panel(seen, person) {
  byId("pods").replaceChildren(...seen.pods.map(namespace));
  byId("requests").replaceChildren(...seen.requests.map((one) => request(one, person)));
}

function namespace(one) {
  const rows = one.rows.map((cells) => element("tr", {}, cells.map((cell, index) => element("td", { class: index === 2 ? tone(cell) : null }, cell))));
  const head = element("tr", {}, HEADS.map((name) => element("th", { scope: "col" }, name)));
  const body = rows.length ? rows : element("tr", {}, element("td", { colspan: HEADS.length, class: "hint" }, one.problem ?? "no pods"));
  return element("table", {}, element("caption", {}, one.namespace), element("thead", {}, head), element("tbody", {}, body));
}

const tone = (status) => (BAD.test(status) ? "bad" : status === "Running" || status === "Completed" ? "good" : "waiting");

function request(one) {
  const said = one.status >= 400 || one.status === 0 ? "bad" : "good";
  const who = one.user ? element("strong", {}, one.user) : element("em", {}, "podbot itself");
  return element(
    "li",
    {},
    element("span", { class: said }, String(one.status || "–")),
    ` ${one.method} `,
    element("code", {}, one.path.replace(/^\/apis?\//, "")),
    element("span", { class: "as" }, " as ", who),
  );
}
