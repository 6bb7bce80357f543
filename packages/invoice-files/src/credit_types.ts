import { formatPlural } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeNumber, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
import { isFlag, saysYes } from "./flags.js";
import type { Positions } from "./map_columns.js";

const CREDIT =
  /refund|credit|return|gutschrift|storno|retoure|rucksendung|avoir|rembours|retour|abono|devolucion|notacredito|notadicredito|notadecredito|rettifica|reso|chargeback|^(?:g2|re|cn|cm)$/;

/** The two sides of a ledger, which some exports have in place of a sign. */
const SIDE = /^(?:s|h|soll|haben|d|c|dr|cr|debit|credit)$/;

/** Whether a number of a field is above zero, by its first sign. */
const isPositive = (text: string): boolean =>
  looksLikeNumber(text) && !/^[\s(]*[-−‐–(]|[-−)]\s*$/.test(text) && /[1-9]/.test(text);

/**
 * Finds the kinds of documents that are credit notes and nevertheless have positive quantities and amounts: their lines are taken
 * with the sign turned. Of the two sides of a ledger, that with fewer lines is the one of the credit notes: which it is by name depends
 * on whose account is meant.
 */
export function creditTypesOf(
  body: readonly TableRecord[],
  { type, quantity, price, amount }: Positions,
  shift: number,
): Decision<readonly string[]> {
  const none: Decision<readonly string[]> = { value: [], evidence: "", confidence: "certain" };
  if (type === undefined) return none;
  const kinds = new Map<string, { lines: number; positive: number }>();
  for (const { fields } of body) {
    const value = (at: number | undefined): string => (at === undefined ? "1" : (fields[at + shift] ?? "").trim());
    const kind = value(type);
    const seen = kinds.get(kind) ?? { lines: 0, positive: 0 };
    kinds.set(kind, seen);
    seen.lines++;
    if (isPositive(value(quantity)) && isPositive(value(price ?? amount))) seen.positive++;
  }
  const named = [...kinds].filter(([kind]) => kind !== "");
  if (isFlag([...kinds.keys()], { withNumbers: false })) {
    // A column of its own, such as "Is Return".
    for (const [kind, seen] of kinds)
      if (saysYes(kind) && seen.positive > seen.lines / 2) return turnedOf([[kind, seen]]);
    return none;
  }
  const areSides = named.every(([kind]) => SIDE.test(simplified(kind)));
  const credits = areSides
    ? named.sort(([, a], [, b]) => b.lines - a.lines).slice(1)
    : named.filter(([kind]) => CREDIT.test(simplified(kind)));
  const turned = credits.filter(([, { lines, positive }]) => positive > lines / 2);
  return turned.length === 0 ? none : turnedOf(turned);
}

type Kinds = readonly (readonly [kind: string, seen: { readonly lines: number }])[];

function turnedOf(turned: Kinds): Decision<readonly string[]> {
  const lines = turned.reduce((sum, [, seen]) => sum + seen.lines, 0);
  return {
    value: turned.map(([kind]) => kind),
    evidence: `${formatPlural(lines, "line")} of the sample with this kind of document ${lines === 1 ? "is" : "are"} positive; their sign is turned`,
    confidence: "likely",
  };
}
