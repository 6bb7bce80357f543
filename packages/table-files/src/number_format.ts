/** How all numbers of a column are written. */
export interface NumberFormat {
  /**
   * The decimal sign; the other one, blanks and apostrophes group digits. null: no number of the sample has either sign, and
   * none told it elsewhere; a number with a point is then read as such, but for `1.234`, which fits neither way.
   */
  readonly decimal: "." | "," | null;
  /** The measure after every number, in small letters, such as "kg"; null: none. */
  readonly unit: string | null;
}

/** @example describeNumbers({ decimal: ",", unit: null }) // "decimal comma" */
export function describeNumbers({ decimal, unit }: NumberFormat): string {
  const words = decimal === null ? "whole numbers" : decimal === "." ? "decimal point" : "decimal comma";
  return unit === null ? words : `${words}, in ${unit}`;
}
