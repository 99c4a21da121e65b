// Which channels have something that this person has not seen in this tab.
const key = (person) => `seen ${person}`;

const load = (person) => JSON.parse(sessionStorage.getItem(key(person)) ?? "{}");

const newest = (channel, person) => channel.messages.filter((one) => one.user !== person).at(-1)?.ts ?? "0";

/** Return the ids of the channels with news; what stands in `here` counts as seen. */
export function unread(channels, here, person) {
  const seen = { ...load(person), [here.id]: newest(here, person) };
  sessionStorage.setItem(key(person), JSON.stringify(seen));
  return new Set(channels.filter((one) => Number(newest(one, person)) > Number(seen[one.id] ?? 0)).map((one) => one.id));
}
