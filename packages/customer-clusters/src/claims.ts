import { formatNumber, formatPlural, type Money } from "@keyspaces-segmentation/common";
import { quantileOfSorted } from "@keyspaces-segmentation/invoices";
import { FEATURES, type Feature, type FeatureFigures } from "./means.js";
import { countBelow, countUpTo, type SortedFigures, sizeOf, sortedFigures } from "./sorted_figures.js";

/** What a phrase in a cluster's name says of its customers: that a feature lies between two figures. */
export interface Claim {
  readonly feature: Feature;
  /** As it stands in the name, in small letters. */
  readonly phrase: string;
  /** Both ends are included; null: no bound. */
  readonly from: number | null;
  readonly to: number | null;
}

/** Whoever buys less often than this does not buy frequently, whatever others do. */
const FREQUENT = 3;

/**
 * The words that names are made of and what they mean among these customers, for each feature the narrowest first. Words compare: a
 * half or a fifth of the customers is "more recent" whatever the date of the analysis. A word that would fit everybody is none.
 */
export function wordsFor(customers: SortedFigures): Claim[] {
  const { recencyDays: recency, frequency, monetary } = customers;
  const upTo = (feature: Feature, phrase: string, to: number): Claim => ({ feature, phrase, from: null, to });
  /** From the first figure that there is above a bound. */
  const above = (feature: Feature, phrase: string, sorted: Float64Array, bound: number): Claim => {
    return { feature, phrase, from: sorted[countUpTo(sorted, bound)] ?? Number.MAX_VALUE, to: null };
  };
  const quantile = (sorted: Float64Array, fifths: number): number => quantileOfSorted(sorted, fifths / 5);
  const often = (fifths: number): number => Math.max(quantile(frequency, fifths), FREQUENT - 1);
  return [
    upTo("recencyDays", "most recent", quantile(recency, 1)),
    above("recencyDays", "least recent", recency, quantile(recency, 4)),
    upTo("recencyDays", "more recent", quantile(recency, 2.5)),
    above("recencyDays", "less recent", recency, quantile(recency, 2.5)),
    upTo("frequency", "bought once", 1),
    above("frequency", "very frequent", frequency, often(4)),
    upTo("frequency", "fewer invoices", quantile(frequency, 2.5)),
    above("frequency", "frequent", frequency, often(2.5)),
    upTo("monetary", "very low spend", quantile(monetary, 1)),
    above("monetary", "very high spend", monetary, quantile(monetary, 4)),
    upTo("monetary", "low spend", quantile(monetary, 2.5)),
    above("monetary", "high spend", monetary, quantile(monetary, 2.5)),
  ].filter((word) => holdsFor(word, customers) < sizeOf(customers));
}

/** How amounts of money are worded. */
export interface Worded {
  readonly money: Money;
}

/** A row for each word that these names are made of: what it means among these customers. For `showTable`. */
export function explainWords(
  names: readonly { readonly name: string }[],
  customers: readonly FeatureFigures[],
  { money }: Worded,
): { readonly word: string; readonly meaning: string }[] {
  const words = wordsFor(sortedFigures(customers));
  const used = new Set(names.flatMap(({ name }) => claimsOf(name, words)).map(({ phrase }) => phrase));
  return words
    .filter(({ phrase }) => used.has(phrase))
    .map((word) => ({ word: word.phrase, meaning: meaningOf(word, money) }));
}

function meaningOf({ feature, from, to }: Claim, money: Money): string {
  const bound = from ?? to ?? 0;
  const figure = feature === "monetary" ? money.exact(bound) : formatNumber(bound, Number.isInteger(bound) ? 0 : 1);
  return `${MEANINGS[feature].replace("…", figure)} or ${from === null ? "less" : "more"}`;
}

const MEANINGS: Readonly<Record<Feature, string>> = {
  recencyDays: "days since the last purchase: …",
  frequency: "invoices: …",
  monetary: "spent: …",
};

/** Whether a claim is true of a customer. */
export function holds({ feature, from, to }: Claim, customer: FeatureFigures): boolean {
  const value = customer[feature];
  return (from === null || value >= from) && (to === null || value <= to);
}

/** Of how many customers a claim is true. */
export function holdsFor({ feature, from, to }: Claim, customers: SortedFigures): number {
  const { [feature]: sorted } = customers;
  const end = to === null ? sorted.length : countUpTo(sorted, to);
  return Math.max(0, end - (from === null ? 0 : countBelow(sorted, from)));
}

/**
 * A range in figures, rounded outwards to so many significant digits: "bought 230–290 days ago", "£4,300–15,000 spent".
 *
 * @param digits 0 to round to whole numbers only
 */
export function rangeClaim(
  feature: Feature,
  range: { from: number; to: number },
  { digits, money }: Worded & { digits: number },
): Claim {
  const [from, to] = [rounded(range.from, digits, Math.floor), rounded(range.to, digits, Math.ceil)];
  return { feature, phrase: RANGES[feature].phrase(from, to, money), from, to };
}

/**
 * What a name says, phrase by phrase, among these customers. A phrase that is not made of these words, such as one that somebody has
 * given by hand, says nothing that could be checked, and is left out.
 */
export function claimsOf(name: string, words: readonly Claim[]): Claim[] {
  return phrasesOf(name.replace(/ \(\d+\)$/, "").toLowerCase()).flatMap(
    (phrase) => words.find((word) => word.phrase === phrase) ?? readRange(phrase) ?? [],
  );
}

/** A name with its amounts in this currency, whichever they were in when it was given: the figures are the same. */
export function inCurrency(name: string, { money }: Worded): string {
  const [, text = name, number = ""] = /^(.*?)( \(\d+\))?$/.exec(name) ?? [];
  const phrases = phrasesOf(text).map((phrase) => {
    const range = readRange(phrase.toLowerCase());
    return range?.feature === "monetary" ? RANGES.monetary.phrase(range.from!, range.to!, money) : phrase;
  });
  return phrases.join(", ") + number;
}

const phrasesOf = (name: string): string[] => name.split(", ");

interface RangeWords {
  readonly phrase: (from: number, to: number, money: Money) => string;
  readonly pattern: RegExp;
}

/** A figure, of any currency where it is money. */
const FIGURE = "(−?)(?:[^\\d\\s,–−]{1,5} ?)?(\\d[\\d,]*)";
const BETWEEN = `${FIGURE}(?:(?:–| to )${FIGURE})?`;

const RANGES: Readonly<Record<Feature, RangeWords>> = {
  recencyDays: {
    phrase: (from, to) => `bought ${span(from, to, "day")} ago`,
    pattern: new RegExp(`^bought ${BETWEEN} days? ago$`),
  },
  frequency: {
    phrase: (from, to) => span(from, to, "invoice"),
    pattern: new RegExp(`^${BETWEEN} invoices?$`),
  },
  monetary: {
    phrase: (from, to, money) => `${money.range(from, to)} spent`,
    pattern: new RegExp(`^${BETWEEN} spent$`),
  },
};

const span = (from: number, to: number, noun: string): string =>
  from === to ? formatPlural(from, noun) : `${formatNumber(from)}–${formatNumber(to)} ${noun}s`;

function readRange(phrase: string): Claim | null {
  for (const feature of FEATURES) {
    const [, minus, first, minusTo = minus, second = first] = RANGES[feature].pattern.exec(phrase) ?? [];
    if (first === undefined) continue;
    return { feature, phrase, from: figureOf(minus!, first), to: figureOf(minusTo!, second!) };
  }
  return null;
}

const figureOf = (minus: string, digits: string): number => (minus ? -1 : 1) * Number(digits.replaceAll(",", ""));

function rounded(value: number, digits: number, round: (value: number) => number): number {
  if (value === 0) return 0;
  const unit = digits === 0 ? 1 : 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
  return round(value / unit) * unit;
}
