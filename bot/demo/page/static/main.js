// The page: one stream of what there is to see, drawn as it changes; what people do goes back as deeds.
import { byId, element, send } from "./dom.js";
import { composer } from "./composer.js";
import { confirmed, form } from "./dialog.js";
import { draw } from "./messages.js";
import { panel } from "./panel.js";

const given = JSON.parse(byId("given").textContent);
const state = { person: stored("person", given.people[0].id), channel: stored("channel", ""), thread: "", seen: null, stream: null };

function stored(key, usual) {
  return new URLSearchParams(location.search).get(key) ?? sessionStorage.getItem(key) ?? usual;
}

function person() {
  return given.people.find((one) => one.id === state.person) ?? given.people[0];
}

function channel() {
  const channels = state.seen?.channels ?? [];
  return channels.find((one) => one.id === state.channel) ?? channels.find((one) => one.id === given.guide?.[0]?.channel) ?? channels.find((one) => one.has_podbot && !one.direct) ?? channels[0];
}

function reader() {
  const names = state.seen.names;
  return {
    id: state.person,
    timezone: person().timezone,
    name: (id) => names[id] ?? id,
    channel: (id) => state.seen.channels.find((one) => one.id === id)?.name ?? id,
  };
}

async function deed(said) {
  byId("problem").textContent = await send({ user: state.person, channel: channel().id, ...said });
}

const actions = {
  async press(message, button) {
    if (button.confirm && !(await confirmed(button.confirm))) return;
    await deed({ deed: "press", ts: message.ts, action: button.action_id });
  },
  open(message) {
    state.thread = message.ts;
    render();
    byId("thread").querySelector("textarea")?.focus();
  },
};

function render() {
  const here = channel();
  if (!here) return;
  byId("place").textContent = here.direct ? here.name : `# ${here.name}`;
  document.title = `${here.name} · podbot demo`;
  byId("kind").textContent = person().kind;
  byId("channels").replaceChildren(...state.seen.channels.map((one) => entry(one, here)));
  const roots = here.messages.filter((one) => !one.thread || one.thread === one.ts);
  const answers = (ts) => here.messages.filter((one) => one.thread === ts && one.ts !== ts);
  const counted = roots.map((one) => ({ ...one, replies: answers(one.ts).length }));
  const lost = here.messages.filter((one) => one.thread && !roots.some((root) => root.ts === one.thread));
  draw(byId("messages"), [...counted, ...lost].sort((one, other) => one.ts - other.ts), reader(), actions);
  thread(counted.find((one) => one.ts === state.thread), answers(state.thread));
  panel(state.seen.panel);
  form(state.seen.view, reader(), deed);
}

function entry(one, here) {
  const attributes = { type: "button", "aria-current": one.id === here.id ? "page" : null, onclick: () => go(one.id) };
  return element("li", {}, element("button", attributes, one.direct ? `@ ${one.name}` : `# ${one.name}`));
}

function go(id) {
  state.channel = id;
  state.thread = "";
  sessionStorage.setItem("channel", id);
  document.body.classList.remove("side");
  byId("menu").setAttribute("aria-expanded", "false");
  render();
  byId("messages").scrollTop = byId("messages").scrollHeight;
  byId("words").focus();
}

function thread(root, answers) {
  const room = byId("thread");
  room.hidden = !root;
  if (!root) {
    room.replaceChildren();
    return;
  }
  if (room.dataset.ts !== root.ts || !room.firstChild) {
    room.dataset.ts = root.ts;
    const form = element("form", { autocomplete: "off" });
    const close = () => { state.thread = ""; render(); };
    room.replaceChildren(
      element("header", {}, element("h2", {}, "Thread"), element("button", { type: "button", onclick: close }, "Close")),
      element("div", { class: "answers", tabindex: "0", role: "log", "aria-label": "Thread's messages" }),
      form,
    );
    composer(form, { ...given, command: "@podbot" }, "Reply in the thread", (text) => deed({ deed: "write", text, thread: root.ts }));
  }
  draw(room.querySelector(".answers"), [{ ...root, replies: 0 }, ...answers], reader(), actions);
}

function follow() {
  state.stream?.close();
  state.seen = null;
  state.stream = new EventSource(`/sights?user=${encodeURIComponent(state.person)}`);
  state.stream.addEventListener("message", (event) => {
    state.seen = JSON.parse(event.data);
    render();
  });
  state.stream.addEventListener("error", () => {
    byId("problem").textContent = "The demo has stopped. Start it again; this page finds it by itself.";
  });
  state.stream.addEventListener("open", () => { byId("problem").textContent = ""; });
}

function become(id) {
  state.person = id;
  state.thread = "";
  sessionStorage.setItem("person", id);
  byId("person").value = id;
  follow();
}

function toggle(button, name) {
  const on = document.body.classList.toggle(name);
  button.setAttribute("aria-expanded", String(on));
}

function guide() {
  if (!given.guide?.length) return;
  const tries = given.guide.map((one) => {
    const attempt = async () => {
      if (one.user !== state.person) become(one.user);
      state.channel = one.channel;
      await send({ deed: "write", user: one.user, channel: one.channel, text: one.text });
    };
    return element("li", {}, element("button", { type: "button", onclick: attempt }, one.label), " ", element("code", {}, one.text), element("span", { class: "hint" }, ` as ${one.name}`));
  });
  const hide = element("button", { type: "button", onclick: () => { byId("guide").hidden = true; byId("words").focus(); } }, "Hide");
  byId("guide").replaceChildren(element("header", {}, element("strong", {}, "📌 Five things to try"), hide), element("ol", {}, tries));
  byId("guide").hidden = false;
}

byId("cluster").textContent = given.cluster;
byId("person").append(...given.people.map((one) => element("option", { value: one.id }, `${one.name} (${one.title ?? one.kind})`)));
byId("person").addEventListener("change", (event) => become(event.target.value));
byId("menu").addEventListener("click", (event) => toggle(event.target, "side"));
byId("look").addEventListener("click", (event) => toggle(event.target, "look"));
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  sessionStorage.setItem("theme", root.dataset.theme);
});
document.addEventListener("keydown", (event) => {
  const typing = /^(TEXTAREA|INPUT|SELECT)$/.test(event.target.tagName);
  if (event.key === "/" && !typing) byId("words").focus();
  if (event.key === "Escape" && state.thread && !byId("dialog").open) { state.thread = ""; render(); byId("words").focus(); }
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && state.seen) {
    const all = state.seen.channels;
    const at = all.findIndex((one) => one.id === channel().id) + (event.key === "ArrowDown" ? 1 : -1);
    go(all[(at + all.length) % all.length].id);
    event.preventDefault();
  }
});
const theme = new URLSearchParams(location.search).get("theme") ?? sessionStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;
composer(byId("composer"), given, "Message", (text) => deed({ deed: "write", text }));
guide();
become(state.person);
byId("words").focus();
