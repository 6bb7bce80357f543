import { showTable } from "@keyspaces-segmentation/notebook-charts";
import { NULL_WORDS, PARAMETER_WORDS } from "./parameter_words.js";
import type { Parameters, Settings } from "./settings.js";

/** A row a parameter: its value in words, where that came from, and what it is. */
export function settingsRows({ parameters, sources }: Pick<Settings, "parameters" | "sources">): {
  readonly parameter: keyof Parameters;
  readonly value: string;
  readonly from: string;
  readonly meaning: string;
}[] {
  const nulls: Partial<Record<keyof Parameters, string>> = NULL_WORDS;
  return (Object.keys(parameters) as (keyof Parameters)[]).map((parameter) => ({
    parameter,
    value: parameters[parameter] === null ? (nulls[parameter] ?? "none") : String(parameters[parameter]),
    from: sources[parameter],
    meaning: PARAMETER_WORDS[parameter],
  }));
}

/** Shows every parameter of the run. */
export function showSettings(settings: Settings): void {
  const rows = settingsRows(settings);
  showTable(rows, { caption: "Parameters of this run", limit: rows.length });
}
