import type { ColumnsByValues } from "./decide_columns.js";
import type { Formats } from "./decide_formats.js";
import type { Layout } from "./decide_layout.js";
import type { Meaning } from "./decide_meaning.js";

/** All that is decided about a file, each step by what those before it have found. */
export interface Decisions {
  readonly layout: Layout;
  readonly formats: Formats;
  readonly columns: ColumnsByValues;
  readonly meaning: Meaning;
}
