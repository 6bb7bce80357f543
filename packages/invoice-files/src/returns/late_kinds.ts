import type { Table } from "../columns/table.js";
import { remembered } from "../remembered.js";
import { areKinds, creditsAmong } from "./credit_words.js";
import { noSalesAmong } from "./no_sale_rows.js";

/** A column with more different values in a sample has no kinds in it. */
const MOST_KINDS = 50;

/** The kinds of documents that a sample has shown; none where no column has kinds. */
export function kindsSeen(table: Table): readonly string[] {
  const { type } = table.positions;
  const kinds = type === undefined ? [] : [...table.countsAt(type).keys()].filter((kind) => kind !== "");
  return kinds.length > MOST_KINDS ? [] : kinds;
}

/** What a kind of document is that the sample has not shown, by its name. */
export type LateKind = "credit" | "no_sale" | null;

/** Tells kinds of documents that stand in a file behind its sample. */
export function lateKinds(seen: readonly string[]): (kind: string) => LateKind {
  const known = new Set(seen);
  if (!areKinds(seen)) return () => null;
  return remembered((kind) => {
    if (kind === "" || known.has(kind)) return null;
    const kinds = [...seen, kind];
    if (noSalesAmong(kinds).includes(kind)) return "no_sale";
    return creditsAmong(kinds).has(kind) ? "credit" : null;
  });
}
