import { formatNumber } from "@keyspaces-segmentation/common";
import { saysNothing } from "../characters.js";
import type { Decision, OpenQuestion } from "../decision.js";
import { type ColumnValues, occurrencesOf } from "../occurrences.js";
import { currencyMark } from "./currency_marks.js";
import { numberParts } from "./number_parts.js";

/** The ISO 4217 currencies that an amount may be in by the sign or the code beside it; undefined where it has none. */
export const currenciesOf = (text: string): readonly string[] | undefined =>
  (currencyMark(text) ?? numberParts(text)?.currency)?.currencies;

/**
 * The currency that a file says itself, by signs and codes beside its prices, or by a column of codes.
 *
 * @returns an ISO 4217 code, `likely` where a sign such as `$` is of several; a question (`currency`) where two currencies occur,
 * or `kr` stands alone; null where nothing says it
 */
export function currencyIn(values: ColumnValues): Decision<string> | OpenQuestion | null {
  const counts = new Map<string, { count: number; currencies: readonly string[]; isCode: boolean }>();
  let all = 0;
  for (const [value, times] of occurrencesOf(values)) {
    const text = value.trim();
    if (saysNothing(text)) continue;
    all += times;
    const mark = currencyMark(text) ?? numberParts(text)?.currency;
    if (mark === undefined) continue;
    const key = mark.currencies.join("|");
    const known = counts.get(key);
    counts.set(key, {
      count: (known?.count ?? 0) + times,
      currencies: mark.currencies,
      isCode: mark.isCode || known?.isCode === true,
    });
  }
  const marks = [...counts.values()].sort((a, b) => b.count - a.count);
  const [main, ...others] = marks;
  if (main === undefined) return null;
  const rare = others.filter(({ currencies }) => !currencies.includes(main.currencies[0]!));
  const strays = rare.reduce((sum, { count }) => sum + count, 0);
  if (strays * 100 > all) {
    const got = `prices are in more than one currency: ${marks.map(({ count, currencies }) => `${formatNumber(count)} in ${currencies.join(" or ")}`).join(", ")}`;
    return {
      parameter: "currency",
      got,
      choices: marks.map(({ currencies }) => ({ value: currencies[0]!, reads: [] })),
    };
  }
  if (main.currencies[0] === "SEK") {
    const got = `${formatNumber(main.count)} of ${formatNumber(all)} prices have "kr", which is Swedish, Norwegian or Danish`;
    return { parameter: "currency", got, choices: main.currencies.map((value) => ({ value, reads: [] })) };
  }
  const isOnly = main.isCode || main.currencies.length === 1;
  const also = isOnly ? "" : `, which ${main.currencies.slice(1).join(", ")} have too`;
  return {
    value: main.currencies[0]!,
    evidence: `${formatNumber(main.count)} of ${formatNumber(all)} values have its ${main.isCode ? "code" : "sign"}${also}`,
    confidence: isOnly && strays === 0 ? "certain" : "likely",
  };
}
