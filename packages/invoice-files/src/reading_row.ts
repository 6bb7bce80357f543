import type { Decision } from "@keyspaces-segmentation/table-files";

/** One decision about a file, as a row of a table. */
export interface ReadingRow {
  readonly what: string;
  readonly readAs: string;
  readonly because: string;
  readonly confidence: Decision<unknown>["confidence"];
}
