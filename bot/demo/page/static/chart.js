// Charts: bars as a picture, any kind as a table, which a screen reader reads in the picture's place.
// Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block.
import { element } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const BAR = 14;
const WIDEST = 560; // pixels
const LETTER = 6.7; // of a label, about
const FIGURES = 60;

export function chart(block) {
  const { title, chart: drawn } = block;
  const pie = drawn.type === "pie";
  const series = pie ? [{ name: "", data: drawn.segments }] : drawn.series;
  const unit = drawn.axis_config?.y_label ?? "";
  const picture = drawn.type === "bar" ? bars(title, series, unit) : null;
  return element(
    "figure",
    { class: "chart" },
    element("figcaption", {}, title, unit ? element("span", { class: "hint" }, ` (${unit})`) : null),
    picture,
    picture && series.length > 1 ? legend(series) : null,
    table(title, series, picture !== null),
  );
}

function bars(title, series, unit) {
  const picture = svg("svg", { role: "img", "aria-label": `${title}: ${said(series, unit)}` });
  let drawn = 0;
  const draw = (width) => {
    if (width === drawn || width <= 0) return; // its height follows from what is drawn, and is watched too
    drawn = width;
    fill(picture, series, width);
  };
  draw(WIDEST);
  new ResizeObserver(([one]) => draw(Math.round(one.contentRect.width))).observe(picture); // so letters keep their size
  return picture;
}

function fill(picture, series, width) {
  const groups = series[0].data.map((point, index) => ({ label: point.label, values: series.map((one) => one.data[index].value) }));
  const most = Math.max(...groups.flatMap((one) => one.values), Number.MIN_VALUE);
  const labels = 12 + LETTER * Math.max(...groups.map((one) => one.label.length));
  const room = Math.max(width - labels - FIGURES, 1);
  const high = BAR * series.length + 8;
  picture.setAttribute("viewBox", `0 0 ${width} ${high * groups.length}`);
  picture.replaceChildren(...groups.flatMap((group, row) => [
    svg("text", { x: labels - 8, y: high * row + high / 2, "text-anchor": "end", "dominant-baseline": "central" }, group.label),
    ...group.values.flatMap((value, index) => bar(value, { x: labels, y: high * row + BAR * index + 4, width: Math.max((value / most) * room, 1), index })),
  ]));
}

function bar(value, { x, y, width, index }) {
  return [
    svg("rect", { x, y, width, height: BAR - 2, rx: 2, class: `series-${index % 4}` }),
    svg("text", { x: x + width + 5, y: y + BAR / 2 - 1, "dominant-baseline": "central" }, String(value)),
  ];
}

const said = (series, unit) => series.map((one) => one.data.map((point) => `${point.label} ${one.name} ${point.value} ${unit}`).join(", ")).join("; ");

function legend(series) {
  const entry = (one, index) => element("li", {}, element("span", { class: `swatch series-${index % 4}`, "aria-hidden": "true" }), one.name);
  return element("ul", { class: "legend" }, series.map(entry));
}

function table(title, series, hidden) {
  const heads = ["", ...series.map((one) => one.name)].map((name) => (name ? element("th", { scope: "col" }, name) : element("td")));
  const row = (point, index) => element("tr", {}, element("th", { scope: "row" }, point.label), series.map((one) => element("td", { class: "right" }, String(one.data[index].value))));
  return element(
    "table",
    { class: hidden ? "hidden" : null },
    element("caption", { class: "hidden" }, title),
    element("thead", {}, element("tr", {}, heads)),
    element("tbody", {}, series[0].data.map(row)),
  );
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}
