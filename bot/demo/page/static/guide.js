// The pinned message: a few things to try that tell a story, each a click; hidden and shown again at will.
import { byId, element } from "./dom.js";

const done = new Set(JSON.parse(sessionStorage.getItem("tried") ?? "[]"));

/** Draw the things to try; `attempt` does one, `usual` is the person who needs no mention. */
export function guide(tries, attempt, usual) {
  if (!tries.length) return;
  const items = tries.map((one, index) => step(one, index, attempt, usual));
  const hide = element("button", { type: "button", class: "quiet", onclick: () => show(false) }, "Hide");
  byId("guide").replaceChildren(element("header", {}, element("h2", {}, element("span", { "aria-hidden": "true" }, "📌 "), "Five things to try"), hide), element("ol", {}, items));
  byId("pin").addEventListener("click", () => show(true));
  show(sessionStorage.getItem("guide") !== "hidden", false);
}

function step(one, index, attempt, usual) {
  const mark = element("span", { class: "mark" }, done.has(one.text) ? "✓" : String(index + 1));
  const press = async () => {
    await attempt(one);
    done.add(one.text);
    sessionStorage.setItem("tried", JSON.stringify([...done]));
    mark.textContent = "✓";
  };
  const line = element("code", {}, one.text.split(" ").flatMap((word) => [element("span", {}, word), " "]));
  return element("li", {}, element("button", { type: "button", onclick: press }, mark, element("span", { class: "what" }, one.label), element("span", { class: "line" }, line, one.name === usual ? null : `as ${one.name}`)));
}

function show(on, moved = true) {
  byId("guide").hidden = !on;
  byId("pin").hidden = on;
  sessionStorage.setItem("guide", on ? "shown" : "hidden");
  if (moved) (on ? byId("guide").querySelector("ol button") : byId("pin")).focus();
}
