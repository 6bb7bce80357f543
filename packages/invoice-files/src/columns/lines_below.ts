import type { TableRecord } from "@keyspaces-segmentation/table-files";
import type { Fact } from "./column_names.js";
import type { Positions } from "./map_columns.js";

/** The lines of a sample below their header, and which column is which as far as that is known: what decisions look at. */
export interface LinesBelow {
  /** Names of the columns as the file has them. */
  readonly header: readonly string[];
  /** Piece by piece: what stands between them is not known. */
  readonly pieces: readonly (readonly TableRecord[])[];
  /** All in one. */
  readonly body: readonly TableRecord[];
  readonly positions: Positions;
  /** Fields in front of the first that the header names. */
  readonly shift: number;
}

/** The values of a column that are not blank; none where the file has no such column. */
export function valuesOf({ body, positions, shift }: LinesBelow, fact: Fact): string[] {
  const position = positions[fact];
  if (position === undefined) return [];
  const values: string[] = [];
  for (const { fields } of body) {
    const value = fields[position + shift]?.trim() ?? "";
    if (value !== "") values.push(value);
  }
  return values;
}

/** Which column the money of a line stands in. */
export const moneyFactOf = ({ price }: Positions): "price" | "amount" => (price === undefined ? "amount" : "price");
