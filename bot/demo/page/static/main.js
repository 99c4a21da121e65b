// The page: one stream of what there is to see, drawn as it changes; what people do goes back as deeds.
import { composer } from "./composer.js";
import { confirmed, form } from "./dialog.js";
import { byId, element, send } from "./dom.js";
import { guide } from "./guide.js";
import { atEnd, draw, toNewest } from "./messages.js";
import { panel } from "./panel.js";
import { appearance, drawers, keys } from "./room.js";
import { closeThread, thread } from "./thread.js";
import { unread } from "./unread.js";

const given = JSON.parse(byId("given").textContent);
const state = { person: stored("person", given.people[0].id), channel: stored("channel", ""), thread: "", seen: null, stream: null };
const tools = { commands: given.commands, addresses: [given.command, "@podbot"] };
const pressed = new Set();
const drafts = new Map();

function stored(key, usual) {
  return new URLSearchParams(location.search).get(key) ?? sessionStorage.getItem(key) ?? usual;
}

function person() {
  return given.people.find((one) => one.id === state.person) ?? given.people[0];
}

function channel() {
  const channels = state.seen?.channels ?? [];
  const wanted = [state.channel, given.guide[0]?.channel].map((id) => channels.find((one) => one.id === id));
  return wanted.find(Boolean) ?? channels.find((one) => one.has_podbot && !one.direct) ?? channels[0];
}

function reader() {
  const names = state.seen.names;
  return {
    id: state.person,
    timezone: person().timezone,
    name: (id) => names[id] ?? id,
    channel: (id) => state.seen.channels.find((one) => one.id === id)?.name ?? id,
    go,
  };
}

async function deed(said) {
  const problem = await send({ user: state.person, channel: channel()?.id ?? state.channel, ...said });
  byId("problem").textContent = problem;
  return problem;
}

const actions = {
  async press(message, button, node) {
    const what = `${message.ts} ${button.action_id}`;
    if (pressed.has(what) || (button.confirm && !(await confirmed(button.confirm, reader())))) return;
    pressed.add(what); // a second press while the first is under way is none
    node.setAttribute("aria-disabled", "true");
    await deed({ deed: "press", ts: message.ts, action: button.action_id });
    node.removeAttribute("aria-disabled");
    pressed.delete(what);
  },
  shortcuts: given.shortcuts,
  shortcut: (message, callback) => deed({ deed: "shortcut", ts: message.ts, shortcut: callback }),
  open(message) {
    state.thread = message.ts;
    render();
    byId("thread").querySelector("textarea")?.focus();
  },
};

function render() {
  const here = channel();
  if (!here) return;
  place(here);
  const roots = here.messages.filter((one) => !one.thread || one.thread === one.ts);
  const answers = (ts) => here.messages.filter((one) => one.thread === ts && one.ts !== ts);
  const counted = roots.map((one) => ({ ...one, thread: "", replies: answers(one.ts).length }));
  const lost = here.messages.filter((one) => one.thread && !roots.some((root) => root.ts === one.thread));
  draw(byId("messages"), [...counted, ...lost].sort((one, other) => one.ts - other.ts), reader(), here.direct ? { press: actions.press } : actions);
  const reply = (text) => deed({ deed: "write", text, thread: state.thread });
  thread(counted.find((one) => one.ts === state.thread), answers(state.thread), { ...tools, addresses: ["@podbot"] }, reader(), { ...actions, open: null, close: leaveThread, reply });
  panel(state.seen.panel);
  form(state.seen.view, reader(), deed);
  byId("newest").hidden = atEnd(byId("messages"));
}

/** What was begun in a channel stays there, so that no command goes into another one. */
function draft(here) {
  const words = byId("words");
  const was = words.dataset.channel;
  if (was === here.id) return;
  words.dataset.channel = here.id;
  if (was === undefined) return;
  drafts.set(was, words.value);
  words.value = drafts.get(here.id) ?? "";
}

function place(here) {
  draft(here);
  const name = here.direct ? here.name : `# ${here.name}`;
  const topic = here.direct ? "files and long answers come here, for you alone" : given.topics[here.id] ?? "";
  byId("place").textContent = name;
  byId("topic").textContent = topic;
  byId("words").placeholder = here.direct ? `Message ${here.name}` : `Message #${here.name}, or try ${given.command} help`;
  byId("beginning").textContent = `This is the very beginning of ${name}${topic ? `: ${topic}` : ""}.`;
  document.title = `${here.name} · podbot demo`;
  byId("kind").textContent = given.roles[state.person] ?? person().kind;
  const news = unread(state.seen.channels, here, state.person);
  const now = JSON.stringify([state.seen.channels.map((one) => [one.id, one.name]), here.id, [...news]]);
  if (byId("channels").dataset.now === now) return;
  const held = document.activeElement?.dataset.channel;
  byId("channels").dataset.now = now;
  byId("channels").replaceChildren(...state.seen.channels.map((one) => entry(one, here, news.has(one.id))));
  if (held) byId("channels").querySelector(`[data-channel="${held}"]`)?.focus();
}

function entry(one, here, isNew) {
  const attributes = { type: "button", "data-channel": one.id, class: isNew ? "new" : null, "aria-current": one.id === here.id ? "page" : null, onclick: () => go(one.id) };
  const mark = isNew ? element("span", { class: "dot" }, element("span", { class: "hidden" }, "has news")) : null;
  return element("li", {}, element("button", attributes, one.direct ? `@ ${one.name}` : `# ${one.name}`, mark));
}

function go(id) {
  state.channel = id;
  state.thread = "";
  sessionStorage.setItem("channel", id);
  drawers.close();
  byId("problem").textContent = "";
  render();
  toNewest(byId("messages"));
  byId("words").focus();
}

function leaveThread() {
  const root = byId("messages").querySelector(`[data-ts="${state.thread}"]`);
  state.thread = "";
  closeThread();
  render();
  (root?.querySelector(".replies, .answer") ?? byId("words")).focus();
}

function follow() {
  state.stream?.close();
  const stream = new EventSource(`/sights?user=${encodeURIComponent(state.person)}`);
  state.stream = stream;
  stream.addEventListener("message", (event) => {
    if (stream !== state.stream) return; // somebody else by now
    const first = state.seen === null;
    state.seen = JSON.parse(event.data);
    render();
    if (first) toNewest(byId("messages"));
  });
  stream.addEventListener("error", () => {
    byId("problem").textContent = "The demo has stopped. Start it again; this page finds it by itself.";
  });
  stream.addEventListener("open", () => { byId("problem").textContent = ""; });
}

function become(id) {
  state.person = given.people.some((one) => one.id === id) ? id : given.people[0].id;
  state.thread = "";
  state.seen = null;
  sessionStorage.setItem("person", state.person);
  byId("person").value = state.person;
  follow();
}

async function attempt(one) {
  state.channel = one.channel;
  sessionStorage.setItem("channel", one.channel);
  if (one.user !== state.person) become(one.user);
  else { state.thread = ""; render(); toNewest(byId("messages")); }
  byId("problem").textContent = await send({ deed: "write", user: one.user, channel: one.channel, text: one.text });
}

function step(by) {
  const all = state.seen?.channels ?? [];
  const at = all.findIndex((one) => one.id === channel().id) + by;
  if (all.length) go(all[(at + all.length) % all.length].id);
}

byId("cluster").textContent = given.cluster;
byId("person").append(...given.people.map((one) => element("option", { value: one.id }, one.name)));
byId("person").addEventListener("change", (event) => become(event.target.value));
byId("messages").addEventListener("scroll", () => { byId("newest").hidden = atEnd(byId("messages")); }, { passive: true });
byId("newest").addEventListener("click", () => { byId("messages").scrollTop = byId("messages").scrollHeight; byId("words").focus(); });
appearance();
keys({ step, escape: () => (state.thread ? leaveThread() : drawers.close()) });
composer(byId("composer"), tools, "Message", (text) => {
  toNewest(byId("messages"));
  return deed({ deed: "write", text });
});
guide(given.guide, attempt, given.people[0].name);
become(state.person);
byId("words").focus();
document.documentElement.dataset.ready = "true";
