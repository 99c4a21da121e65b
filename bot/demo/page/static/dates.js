// Times in the reader's zone, as Slack words them: https://docs.slack.dev/messaging/formatting-message-text/#date-formatting.
import { element } from "./dom.js";

const DAY = 86_400_000;
const CLOCK = { hour: "2-digit", minute: "2-digit" };
const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const FORMS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" },
  date_long: LONG,
  time: CLOCK,
  time_secs: { ...CLOCK, second: "2-digit" },
};

const shown = (moment, zone, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(moment);

/** The time of a message: hours and minutes. */
export const clock = (ts, reader) => shown(new Date(ts * 1000), reader.timezone, CLOCK);

/** The time of a message in full, for whoever points at it. */
export const inFull = (ts, reader) => shown(new Date(ts * 1000), reader.timezone, { ...LONG, ...FORMS.time_secs });

/** A moment in `form`, Slack's words in braces; `label` is what a reader sees who has no zone. */
export function date(seconds, form, label, reader) {
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return label ?? "";
  const words = form.replace(/\{(\w+)\}/g, (whole, name) => one(moment, name, reader.timezone) ?? whole);
  return element("time", { datetime: moment.toISOString(), title: label }, words);
}

function one(moment, name, zone) {
  const plain = name.replace(/_pretty$/, "");
  const near = plain === name ? undefined : relative(moment, zone);
  return near ?? (FORMS[plain] && shown(moment, zone, FORMS[plain]));
}

function relative(moment, zone) {
  const day = (date) => shown(date, zone, FORMS.date_num);
  const names = { [day(new Date())]: "today", [day(new Date(Date.now() - DAY))]: "yesterday", [day(new Date(Date.now() + DAY))]: "tomorrow" };
  return names[day(moment)];
}
