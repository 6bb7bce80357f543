import { formatNumber, formatPlural, printable } from "@keyspaces-segmentation/common";
import type { Row } from "./rows.js";

/** What each row is, in one word. */
const wordOf = ({ goes, failed }: Row, isDryRun: boolean): string =>
  failed ? "failed" : goes ? (isDryRun ? "remove" : "removed") : "stays";

/** A line for each thing and, where there is more to say of it, one below; then one for each that could not be looked at. */
export function leftoversText(
  rows: readonly Row[],
  { isDryRun, unseen, gone = [] }: { isDryRun: boolean; unseen: readonly string[]; gone?: readonly string[] },
): string {
  const goes = rows.filter((row) => row.goes);
  const lines = rows.map((row) => {
    const { what, run, cost, active, goes: isGoing, outcome } = row;
    const running = isGoing && active !== null ? `, which may be under way: ${active}` : "";
    const of = [cost, run === null ? "" : `run ${run}${running}`].filter((text) => text !== "").join("; ");
    const line = `${wordOf(row, isDryRun).padEnd(7)}  ${printable(what)}${of === "" ? "" : `  (${of})`}`;
    const isPlain = ["removed", "stopped", "would be removed"].includes(outcome);
    return isPlain ? line : `${line}\n         -> ${printable(outcome.replace(/^stays: /, ""))}`;
  });
  const hourly = goes.reduce((sum, { usdPerHour }) => sum + (usdPerHour ?? 0), 0);
  const unknown = goes.filter(({ usdPerHour }) => usdPerHour === null).length;
  const more =
    unknown === 0 ? "" : `, and ${formatPlural(unknown, "thing")} of which no price by the hour is known here`;
  const known = hourly === 0 ? "nothing by the hour" : `$${formatNumber(hourly, 4)} an hour`;
  const byTheHour = `What goes costs ${known} while it is there${more}.`;
  const hidden = [
    ...gone.map((run) => `Run ${printable(run)} has left nothing.`),
    ...unseen.map((line) => `unseen   ${printable(line)}`),
  ];
  // What could not be looked at may hide what goes.
  if (goes.length === 0)
    return [...lines, ...(hidden.length > 0 ? hidden : ["There is nothing to remove."])].join("\n");
  const end = isDryRun ? [byTheHour, "Nothing was removed: this was a dry run."] : [];
  return [...lines, "", ...end, ...hidden].join("\n");
}
