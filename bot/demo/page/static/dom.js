// Elements without markup: whatever was said or printed goes in as text and can never become HTML.

/** Make an element; `attributes` whose name begins with "on" are listeners, null ones are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Send JSON to the page's own server; return what is wrong in words, or nothing. */
export async function send(deed) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(deed) };
  try {
    const answer = await fetch("/deeds", options);
    return answer.ok ? "" : worded(await answer.text());
  } catch {
    return "The demo does not answer. Is it still running?";
  }
}

function worded(said) {
  try {
    return JSON.parse(said).problem;
  } catch {
    return said.trim();
  }
}
