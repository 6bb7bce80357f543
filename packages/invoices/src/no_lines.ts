import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { FileLedger } from "./file_ledger.js";

/** As many reasons as a message has. */
const MOST = 3;

/** @throws StepError where no line of a file is an invoice line: with the reasons that most were rejected for */
export function refuseNoLines({ lines, rejects, bins }: Pick<FileLedger, "lines" | "rejects" | "bins">): void {
  if (rejects.length === 0 || bins.some((bin) => bin.lines > 0)) return;
  const reasons = rejects.slice(0, MOST).map((reject) => `${formatNumber(reject.lines)} because: ${reject.reason}`);
  const more = rejects.length > MOST ? `; and ${formatNumber(rejects.length - MOST)} other reasons` : "";
  throw new StepError({
    tried: "read invoice lines",
    got: `all ${formatPlural(lines, "line")} were rejected, ${reasons.join("; ")}${more}`,
    hint: "Look at how the file is read: a parameter such as `columns`, `dateOrder` or `decimal` may have to settle it.",
  });
}
