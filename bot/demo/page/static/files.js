// A file beside a message: its beginning is shown on demand, all of it in a window of its own.
import { element } from "./dom.js";

export function file(one) {
  const cut = one.cut ? element("p", { class: "hint" }, "The preview ends here; the file goes on.") : null;
  const whole = element("a", { href: `/files/${encodeURIComponent(one.id)}`, target: "_blank", rel: "noopener" }, "Open the whole file");
  const name = element("summary", {}, element("span", { "aria-hidden": "true" }, "📄 "), one.name, " ", element("span", { class: "hint" }, size(one.size)));
  return element("details", { class: "file" }, name, element("pre", { tabindex: "0", role: "region", "aria-label": `Preview of ${one.name}` }, one.preview), cut, whole);
}

const size = (bytes) => (bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
