// How the cells of a column are ordered: spans and amounts by what they mean, all else by words and numbers.
const words = new Intl.Collator("en", { numeric: true });
const SPAN = /^(?:(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?)(?: ago)?$/;
const SECONDS = { d: 86_400, h: 3600, m: 60, s: 1 };
const AMOUNT = /^(\d+(?:\.\d+)?)\s?(m|Ki|Mi|Gi|Ti|%)?$/;
const UNITS = { m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

const isSpan = (text) => text !== "" && SPAN.test(text);
const seconds = (text) => [...text.matchAll(/(\d+)([dhms])/g)].reduce((sum, [, number, unit]) => sum + number * SECONDS[unit], 0);

function amount(text) {
  const [, number, unit] = AMOUNT.exec(text);
  return number * (UNITS[unit] ?? 1);
}

/** Return how two cells of a column compare; `column` is all of its texts, empty ones are "-". */
export function comparing(column) {
  const given = column.filter((text) => text !== "-");
  if (given.every((text) => AMOUNT.test(text)) && !given.every(isSpan)) return by(amount);
  if (given.every(isSpan)) return by(seconds);
  return words.compare;
}

const by = (measure) => (one, other) => (one === "-" ? -1 : measure(one)) - (other === "-" ? -1 : measure(other));
