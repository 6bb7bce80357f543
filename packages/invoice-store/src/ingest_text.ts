import { formatNumber, formatPlural, type Money, pluralForm } from "@keyspaces-segmentation/common";
import type { FileLedger, Overlap } from "@keyspaces-segmentation/invoices";
import type { IngestProgress } from "@keyspaces-segmentation/keyspaces-bulk";
import { UNKNOWN_ROWS } from "./known_table.js";
import type { AtOnce } from "./load_attempt.js";
import type { FileReport } from "./load_file.js";

function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 100 ? `${whole} s left` : `${Math.ceil(whole / 60)} min left`;
}

/** How far an ingest is, in words for `progress`: "12,000 rows, 8,200 rows/s, 40 s left, 3 retries, 2 rejects". */
export function ingestText(state: IngestProgress): string {
  const { stored, rowsPerSecond, remainingSeconds, retries, rejected } = state;
  const parts = [formatPlural(stored, "row"), `${formatNumber(rowsPerSecond)} rows/s`];
  if (remainingSeconds !== null && remainingSeconds > 0) parts.push(timeLeft(remainingSeconds));
  if (retries > 0) parts.push(formatPlural(retries, "retry", "retries"));
  if (rejected > 0) parts.push(formatPlural(rejected, "reject"));
  return parts.join(", ");
}

/** Whether the table took the rows more slowly than they came, and what to do about it, in a sentence; "" where it did not. */
export function throttledText({
  throttled,
  rowsPerSecond,
}: Pick<IngestProgress, "throttled" | "rowsPerSecond">): string {
  if (throttled === 0) return "";
  return `Keyspaces throttled ${formatPlural(throttled, "request")}, which ${pluralForm(throttled, "was", "were")} sent again until it took them, at ${formatNumber(rowsPerSecond)} rows/s: a new on-demand table takes 4,000 write units a second, and half an hour later twice what it took by then. \`maxRowsPerSecond\` stays below that; warm throughput, set on the table before, raises it.`;
}

/** What a file has twice, in a sentence; "" for nothing. */
function repeatedText(
  { repeated: { lines, amount } }: Pick<FileLedger, "repeated">,
  { money }: { money: Money },
): string {
  if (lines === 0) return "";
  return `${formatPlural(lines, "line")} (${money.exact(amount)}) ${pluralForm(lines, "is", "are")} in the file twice, with the invoice that ${pluralForm(lines, "it is", "they are")} on, and ${pluralForm(lines, "counts", "count")} once.`;
}

/** What may have been written while a load was, in a sentence for each kind; none where nothing was. */
function atOnceText({ isSameFile, others }: AtOnce): string[] {
  const advice = "Load what you have, one file after the other, into a new `table` if that was so.";
  return [
    isSameFile
      ? `Another load of this very file had begun and was not done. That is all right if it was interrupted or killed; if both were writing at the same time, lines of it may be in the table twice. ${advice}`
      : "",
    others.length > 0
      ? `${others.length > 1 ? "Loads of other files" : "A load of another file"} had begun and ${pluralForm(others.length, "was", "were")} not done: ${others.join(", ")}. That is all right if it was interrupted or killed, or has no invoice of this file; if both were writing lines of one invoice at the same time, some may have been overwritten. ${advice}`
      : "",
  ];
}

/** What is to be said of a load beside its counts: how the table took it, what the file has twice, and what the table has beside it. */
export const remarksOf = (
  load: Pick<IngestProgress, "throttled" | "rowsPerSecond"> &
    Pick<FileReport, "atOnce" | "isBesideUnknown"> & { readonly file: Pick<FileLedger, "repeated"> },
  { money }: { money: Money },
): string[] =>
  [
    throttledText(load),
    repeatedText(load.file, { money }),
    ...atOnceText(load.atOnce),
    load.isBesideUnknown ? UNKNOWN_ROWS : "",
  ].filter((sentence) => sentence !== "");

/** What the table had of a file before, in a sentence for each kind of line; "" where it had no invoice of it. */
export function overlapText({ invoices, same, further }: Overlap, { money }: { money: Money }): string {
  if (invoices === 0) return "";
  const found = `${formatPlural(invoices, "invoice")} of the file ${pluralForm(invoices, "was", "were")} in the table already`;
  const equal = `${formatPlural(same.lines, "line")} (${money.exact(same.amount)}) ${pluralForm(same.lines, "equals a row", "equal rows")} there and ${pluralForm(same.lines, "is", "are")} not counted twice`;
  const added = `${formatPlural(further.lines, "line")} (${money.exact(further.amount)}) ${pluralForm(further.lines, "comes", "come")} on top`;
  const parts = [...(same.lines > 0 ? [equal] : []), ...(further.lines > 0 ? [added] : [])];
  const remark = further.lines > 0 ? " A corrected line cannot be told from a further one." : "";
  return `${found}: ${parts.join(", ")}.${remark}`;
}
