import { formatNumber, sortInPlace } from "@keyspaces-segmentation/common";
import { DOMINATING, type ScoredCustomer } from "./scores.js";

/** From this part of the customers on, a value that they share leaves next to nothing to tell them apart by. */
const NEARLY_ALL = 4 / 5;

interface Scored {
  readonly name: string;
  readonly value: (customer: ScoredCustomer) => number;
  readonly score: (customer: ScoredCustomer) => number;
}

const SCORED: readonly Scored[] = [
  { name: "Recency", value: ({ recencyDays }) => recencyDays, score: ({ r }) => r },
  { name: "Frequency", value: ({ frequency }) => frequency, score: ({ f }) => f },
  { name: "Monetary value", value: ({ monetary }) => monetary, score: ({ m }) => m },
];

/**
 * What a reader has to know before reading much into scores: of which feature so many customers have the same value that fifths do not tell
 * them apart, and how these are scored. A sentence each; none of a single customer.
 *
 * @param customers as `scoreCustomers` gives them
 */
export function scoreRemarks(customers: readonly ScoredCustomer[]): string[] {
  const column = new Float64Array(customers.length);
  return SCORED.flatMap(({ name, value, score }) => {
    for (let i = 0; i < column.length; i++) column[i] = value(customers[i]!);
    const { common, count } = mostCommon(column);
    const share = count / customers.length;
    if (count < 2 || share <= DOMINATING) return [];
    const alike = customers.filter((customer) => value(customer) === common);
    const says = share >= NEARLY_ALL ? "says little here" : "tells only some apart";
    const whom =
      share === 1
        ? alike.length === 2
          ? "both"
          : `all ${formatNumber(alike.length)}`
        : `${formatNumber(alike.length)} of ${formatNumber(customers.length)}`;
    return [`${name} ${says}: ${whom} customers have the same value, ${consequence(alike, score)}.`];
  });
}

/** Scores differ among equals where ties are broken, as the original breaks those of frequency. */
function consequence(alike: readonly ScoredCustomer[], score: Scored["score"]): string {
  const scores = alike.map(score);
  const least = scores.reduce((a, b) => Math.min(a, b));
  const most = scores.reduce((a, b) => Math.max(a, b));
  if (least === most) return `and score ${least}`;
  const lucky = alike.filter(({ frequency, segment }) => frequency === 1 && segment === "Champions").length;
  const champions = lucky > 0 ? `: ${formatNumber(lucky)} who bought once are among the Champions` : "";
  return `and score ${least} to ${most}, as ties are broken by the order of the customers${champions}`;
}

/** The value that is there most often, the lowest of such; the values are put in order for it. */
function mostCommon(values: Float64Array): { common: number; count: number } {
  const sorted = sortInPlace(values);
  let [common, most] = [Number.NaN, 0];
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    do to++;
    while (sorted[to] === sorted[from]);
    if (to - from > most) [common, most] = [sorted[from]!, to - from];
  }
  return { common, count: most };
}
