import type { Parameters, Settings } from "../settings.js";
import { NULL_WORDS, PARAMETER_WORDS } from "./parameter_words.js";
import { showTable } from "./show_table.js";

/** Shows every parameter of the run: its value, where that came from, and what it is. */
export function showSettings({ parameters, sources }: Settings): void {
  const rows = (Object.keys(parameters) as (keyof Parameters)[]).map((parameter) => ({
    parameter,
    value: parameters[parameter] === null ? (NULL_WORDS[parameter] ?? "none") : String(parameters[parameter]),
    from: sources[parameter],
    meaning: PARAMETER_WORDS[parameter],
  }));
  showTable(rows, { caption: "Parameters of this run", limit: rows.length });
}
