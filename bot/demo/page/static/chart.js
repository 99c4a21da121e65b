// Charts: bars as a picture, any kind as a table, which a screen reader reads in the picture's place.
// Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block.
import { element } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const BAR = 14;
const WIDTH = 560;
const LABELS = 150;
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
    element("figcaption", {}, title, unit ? element("span", { class: "hint" }, ` in ${unit}`) : null),
    picture,
    picture && series.length > 1 ? legend(series) : null,
    table(title, series, picture !== null),
  );
}

function bars(title, series, unit) {
  const groups = series[0].data.map((point, index) => ({ label: point.label, values: series.map((one) => one.data[index].value) }));
  const most = Math.max(...groups.flatMap((one) => one.values), Number.MIN_VALUE);
  const high = BAR * series.length + 8;
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${high * groups.length}`, role: "img", "aria-label": `${title}: ${said(series, unit)}` });
  groups.forEach((group, row) => {
    picture.append(svg("text", { x: LABELS - 8, y: high * row + high / 2, "text-anchor": "end", "dominant-baseline": "central" }, group.label));
    group.values.forEach((value, index) => {
      const wide = Math.max((value / most) * (WIDTH - LABELS - FIGURES), 1);
      const top = high * row + BAR * index + 4;
      picture.append(svg("rect", { x: LABELS, y: top, width: wide, height: BAR - 2, rx: 2, class: `series-${index % 4}` }));
      picture.append(svg("text", { x: LABELS + wide + 5, y: top + BAR / 2 - 1, "dominant-baseline": "central" }, String(value)));
    });
  });
  return picture;
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
