import { formatNumber, messageOf, StepError } from "@keyspaces-segmentation/common";
import type { FileLedger } from "@keyspaces-segmentation/invoices";
import type { TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import type { LoadJournal } from "./load_journal.js";
import { isComplete, type Load, leftOf } from "./loads.js";

/** A file has ended its own load, as its lines are not what its beginning promises; what was stored of it is in the table. */
export class StoppedLoadError extends StepError {
  /** What was read up to there. */
  readonly file: FileLedger;
  /** Of the first line that is a row. */
  readonly firstInvoiceNumber: string | null;

  constructor(
    reason: StepError,
    { name, file, firstInvoiceNumber }: { name: TableName; file: FileLedger; firstInvoiceNumber: string | null },
  ) {
    const { keyspace, table } = name;
    super({
      tried: `load the file into ${keyspace}.${table}`,
      got: `${messageOf(reason)} What its first ${formatNumber(file.lines)} lines have brought is in the table, and some of it may be misread`,
      hint: `Load it, mended or with other parameters, into a new \`table\`: this one takes no further file until it is dropped.${reason.hint ? ` ${reason.hint}` : ""}`,
      cause: reason,
    });
    this.file = file;
    this.firstInvoiceNumber = firstInvoiceNumber;
  }
}

/**
 * A table that holds a part of a file whose load has stopped is not read: some of its lines may be misread, and none says which.
 *
 * @param loads what is on record of the table
 * @throws StepError where it holds one
 */
export async function refuseStoppedLoads(client: Client, name: TableName, loads: readonly Load[]): Promise<void> {
  const load = loads.find(({ stopped }) => stopped !== null);
  if (load === undefined || (await leftOf(client, name, load)) === "nothing") return;
  throw new StepError({
    tried: `read ${name.keyspace}.${name.table}`,
    got: `the load of ${load.uri} has stopped half way (${load.stopped}), and what its first ${formatNumber(load.lines)} lines have brought is in the table, where some of it may be misread`,
    hint: "Load the file, mended or with other parameters, into a new `table` (step 5), and read that.",
  });
}

/** What a reader has to know of loads that have not come to their end, a sentence for each. */
export function unfinishedText({ loads, open }: LoadJournal): string[] {
  const complete = new Set(loads.filter(isComplete).map(({ fingerprint }) => fingerprint));
  const sentences = open.map(({ uri, fingerprint, hasFailed }) => {
    const isWhole = complete.has(fingerprint);
    const missing = isWhole ? "" : ", and others are missing";
    const otherwise = isWhole ? "" : "; where that file is gone or was mended, load what you have into a new `table`";
    return `A load of ${uri} ${hasFailed ? "has failed" : "has begun and is not done"}: rows of it count here as far as they are stored${missing}. Load it to its end (step 5), and read again${otherwise}.`;
  });
  return [...new Set(sentences)];
}
