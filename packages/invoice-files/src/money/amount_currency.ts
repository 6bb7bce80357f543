import { currencyCode, formatPlural } from "@keyspaces-segmentation/common";
import { currencyIn, type Decision } from "@keyspaces-segmentation/table-files";
import { decided, UndecidedError } from "../undecided.js";

/** A price as a sheet shows it, in each of its currencies. */
export const shownIn = (signs: ReadonlySet<string> = new Set()): [price: string, lines: number][] =>
  [...signs].map((sign) => [`${sign} 1`, 1]);

/** Lines in another currency than all others are left out of a file rather than stop it where they are so few. */
const FEW = 0.01;

/** How a file's currency was found, and what to look at before the figures are believed. */
export interface FileCurrency extends Decision<string> {
  readonly warning?: string;
}

/**
 * The currency of all amounts of a file: given, or that of its column of codes, or that beside its prices; null where nothing says it.
 *
 * @param worthOf how many the lines with some codes are, and what they come to
 * @throws UndecidedError where there are several, of which none has nearly all lines
 */
export function currencyOf(
  given: string | null,
  codes: ReadonlyMap<string, number>,
  prices: ReadonlyMap<string, number>,
  worthOf: (isMeant: (text: string) => boolean) => string,
): FileCurrency | null {
  if (given !== null) return { value: given, evidence: "the parameter `currency`", confidence: "given" };
  const counts = new Map<string, number>();
  for (const [text, lines] of codes) {
    const code = currencyCode.read(text);
    // Words for nothing, and signs, which the prices may have as well.
    if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + lines);
  }
  const found = [...counts].sort((a, b) => b[1] - a[1]);
  const all = found.reduce((sum, [, lines]) => sum + lines, 0);
  const [first] = found;
  if (found.length > 1 && first !== undefined && all - first[1] <= FEW * all) {
    const others = found.slice(1).map(([code]) => `${worthOf((text) => currencyCode.read(text) === code)} in ${code}`);
    const left = `${others.join(" and ")} of the sample`;
    const evidence = `its column of currencies has ${left} as well, which are rejected: they cannot be added up with it`;
    const warning = `${left}: left out, as amounts in another currency than ${first[0]} cannot be added up with it.`;
    return { value: first[0], evidence, confidence: "likely", warning };
  }
  if (found.length > 1) {
    throw new UndecidedError({
      parameter: "currency",
      got: `the file has amounts in ${found.map(([code, count]) => `${code} (${formatPlural(count, "line")} of the sample)`).join(" and ")}, which cannot be added up`,
      choices: found.map(([code]) => ({ value: code, reads: [`all amounts as ${code}`] })),
    });
  }
  if (first !== undefined) {
    return { value: first[0], evidence: "its column of currencies has no other", confidence: "certain" };
  }
  const sign = currencyIn(prices);
  return sign === null ? null : decided(sign);
}
