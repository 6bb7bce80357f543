/** Numbers and texts as a reader reads them: the one place that words figures for tables, charts, pages and sentences. */

/**
 * 1234.5 → "1,235", −2 → "−2"; `digits` decimals. What is not a number (the mean of nobody) is a dash.
 *
 * @param value a number, or exact decimal text, which is rounded as such
 */
export function formatNumber(value: number | bigint | string, digits = 0): string {
  if (digits === 0 && Number.isSafeInteger(value)) return grouped(value as number);
  if (!Number.isFinite(Number(value))) return "–";
  const text = formatterFor(digits).format(value as number);
  return text.replace("-", /[1-9]/.test(text) ? "−" : "");
}

/** A whole number without a formatter, of which the first costs more than opening a small file. */
const grouped = (value: number): string =>
  (value < 0 ? "−" : "") + String(Math.abs(value)).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/** Made once: making one costs more than a thousand uses. */
const formatters = new Map<number, Intl.NumberFormat>();

function formatterFor(digits: number): Intl.NumberFormat {
  const made = formatters.get(digits);
  if (made !== undefined) return made;
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const formatter = new Intl.NumberFormat("en-US", decimals);
  formatters.set(digits, formatter);
  return formatter;
}

/** A part of 1 as a percentage; what is there but rounds to nothing is "< 1 %". */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return "–";
  return share > 0 && share < 0.005 ? "< 1 %" : `${formatNumber(100 * share)} %`;
}

/** "1 customer", "1,235 customers"; where the plural takes more than an s, it is given: "2 retries". */
export function formatPlural(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${formatNumber(count)} ${pluralForm(count, noun, plural)}`;
}

/** The form of a word that goes with a count: "is" with 1, "are" with others. */
export function pluralForm(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/**
 * What a terminal, a page or an XML parser acts on, or refuses, instead of showing it: control characters, marks that turn the direction
 * of writing, halves of surrogate pairs, and characters that are none.
 */
const UNPRINTABLE = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Cs}/gu;

/** A text of which everything is seen: what cannot be printed is "�". Tabs and ends of lines stay. */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(UNPRINTABLE, "\ufffd");
}
