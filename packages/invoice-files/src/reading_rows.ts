import { formatNumber } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import { FACT_WORDS, type Fact } from "./column_names.js";
import { type GivenColumns, listed, type Positions } from "./map_columns.js";
import type { ReadingRow } from "./reading_row.js";

/** A decision as a row. */
export const rowOf = (what: string, readAs: string, { evidence, confidence }: Decision<unknown>): ReadingRow => ({
  what,
  readAs,
  because: evidence,
  confidence,
});

/** The same, where there is anything to say. */
export const rowsOf = (what: string, readAs: string, decision: Decision<unknown>): ReadingRow[] =>
  decision.evidence === "" ? [] : [rowOf(what, readAs, decision)];

/** What is said of the header, and of which column is which. */
export function headRows(
  found: { header: readonly string[]; headerLine: number; evidence: string; positions: Positions },
  given: GivenColumns,
): ReadingRow[] {
  const { header, headerLine, evidence, positions } = found;
  const at = (fact: Fact): number | undefined => positions[fact];
  return [
    {
      what: "header",
      readAs: headerLine === 0 ? "none" : `line ${formatNumber(headerLine)}`,
      because: evidence,
      confidence: given.order === null ? "certain" : "given",
    },
    {
      what: "columns",
      readAs: (Object.keys(FACT_WORDS) as Fact[])
        .filter((fact) => at(fact) !== undefined && !(fact === "amount" && at("price") !== undefined))
        .map((fact) => `${FACT_WORDS[fact]}: ${listed([header[at(fact)!] ?? `column ${at(fact)! + 1}`])}`)
        .join("; "),
      because: "their names",
      confidence: Object.keys(given.names).length > 0 || given.order !== null ? "given" : "certain",
    },
  ];
}

/** What is said of the beginnings of credit notes that a parameter has named. */
export const givenCreditRows = (creditNotes: readonly string[]): ReadingRow[] =>
  creditNotes.length === 0
    ? []
    : [
        {
          what: "credit notes",
          readAs: `invoices that begin with ${creditNotes.join(", ")}`,
          because: "the parameter `creditNotes`; what is above zero on them is turned",
          confidence: "given",
        },
      ];
