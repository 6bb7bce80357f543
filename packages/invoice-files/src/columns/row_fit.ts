import { formatPlural } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeDate, type TableRecord } from "@keyspaces-segmentation/table-files";
import type { Positions } from "./map_columns.js";

/** How the fields of a line stand below the names of the header. */
export interface Fit {
  /** Fields of a line. */
  readonly width: number;
  /** Fields in front of the first that the header names: 1 where lines begin with an index of their own. */
  readonly shift: number;
  /** Whether a line may end before its last field, as rows of a sheet do. */
  readonly mayEndEarly: boolean;
  readonly text: string;
}

/** The fields of a record from the first that the header names on. */
export const ownFields = (fields: readonly string[], { shift }: Fit): readonly string[] =>
  shift === 0 ? fields : fields.slice(shift);

const NEARLY_ALL = 0.9;

/** What lines are to fit. */
interface Header {
  /** Names of the columns; "" for one without. */
  readonly header: readonly string[];
  readonly positions: Positions;
  readonly isSheet: boolean;
}

/**
 * Finds how lines fit below the names of a header. Where nearly all have one field more, it is one that each line ends with,
 * empty, or an index in front of each.
 */
export function fitOf(body: readonly TableRecord[], { header, positions, isSheet }: Header): Decision<Fit> {
  const names = widthOf(body, header);
  const usual: Decision<Fit> = {
    value: { width: names, shift: 0, mayEndEarly: isSheet, text: "as the header has them" },
    evidence: "",
    confidence: "certain",
  };
  const further = body.filter(({ fields }) => fields.length === names + 1);
  if (further.length < NEARLY_ALL * body.length) return usual;
  const evidence = `${formatPlural(further.length, "line")} of the sample ${further.length === 1 ? "has" : "have"} one field more than the header`;
  if (further.every(({ fields }) => fields.at(-1)?.trim() === "")) {
    const value = {
      width: names + 1,
      shift: 0,
      mayEndEarly: isSheet,
      text: "one more separator at the end of each line, left out",
    };
    return { value, evidence, confidence: "certain" };
  }
  const dated = (shift: number): number =>
    further.filter(({ fields }) => looksLikeDate(fields[positions.invoiceDate! + shift] ?? "")).length;
  if (dated(1) <= dated(0)) return usual;
  const value = { width: names + 1, shift: 1, mayEndEarly: isSheet, text: "an index in front of each line, left out" };
  return { value, evidence: `${evidence}, and dates stand one field further on`, confidence: "certain" };
}

/** How many columns a header names, without separators at its end that nearly all lines lack. */
function widthOf(body: readonly TableRecord[], header: readonly string[]): number {
  const named = header.findLastIndex((name) => name.trim() !== "") + 1;
  const shorter = named > 0 && named < header.length ? body.filter(({ fields }) => fields.length === named) : [];
  return shorter.length > 0 && shorter.length >= NEARLY_ALL * body.length ? named : header.length;
}
