/** How all numbers of a column are written. */
export interface NumberFormat {
  /**
   * The decimal sign; the other one, blanks and apostrophes group digits. null: no number of the sample has either sign, and
   * none told it elsewhere; a number with a point is then read as such, but for `1.234`, which fits neither way.
   */
  readonly decimal: "." | "," | null;
  /** The measure after every number, in small letters, such as "kg"; null: none. */
  readonly unit: string | null;
  /** Where numbers have different measures, `0.75 kg` and `3 pcs`: those that stand after some, each with a price for one of it. */
  readonly measures?: readonly string[];
  /** Whether `CR` after a number makes it negative, and `DR` may stand after others. Without it, such texts do not fit. */
  readonly hasSides?: boolean;
}

/** @example describeNumbers({ decimal: ",", unit: null }) // "decimal comma" */
export function describeNumbers({ decimal, unit, measures, hasSides }: NumberFormat): string {
  const words = decimal === null ? "whole numbers" : decimal === "." ? "decimal point" : "decimal comma";
  const of = unit ?? measures?.join(", ");
  return `${words}${of === undefined ? "" : `, in ${of}`}${hasSides ? ", CR is negative" : ""}`;
}
