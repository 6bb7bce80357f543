import type { Parameters, Settings } from "../settings.js";
import { showTable } from "./show_table.js";

/** Shows every parameter of the run with its value and where that came from. */
export function showSettings({ parameters, sources }: Settings): void {
  const rows = (Object.keys(parameters) as (keyof Parameters)[]).map((parameter) => ({
    parameter,
    value: parameters[parameter] === null ? "chosen on the way" : String(parameters[parameter]),
    from: sources[parameter],
  }));
  showTable(rows, { caption: "Parameters of this run", limit: rows.length });
}
