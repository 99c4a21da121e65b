// What a beginning can become: a command by its slash or its mention, from the commands' own summaries.

/** Return the commands that `typed` begins: each with its whole line and its summary. */
export function completions(typed, addresses, commands) {
  const address = addresses.find((one) => typed !== "" && (one.startsWith(typed) || typed.startsWith(`${one} `)));
  const verb = address === undefined ? null : typed.slice(address.length).trimStart();
  if (verb === null || /\s/.test(verb)) return [];
  const begun = commands.filter((one) => one.verb.startsWith(verb) && one.verb !== verb);
  return begun.map((one) => ({ line: `${address} ${one.verb}`, summary: one.summary }));
}
