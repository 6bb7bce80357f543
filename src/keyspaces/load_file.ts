import { type IngestOptions, type IngestReport, ingestFile } from "./ingest.js";
import type { KeyspacesClient } from "./keyspaces_client.js";
import { createLoadsTable, findLoad, type Load, recordLoad } from "./loads.js";
import type { TableName } from "./tables.js";

/** A data file: where it lies here, and where it came from. */
export interface DataFile {
  path: string;
  uri: string;
}

export interface LoadOptions extends Omit<IngestOptions, "isLoaded"> {
  /** Whether a file that was loaded before is left as it is; false writes every row anew. Default true. */
  reuse?: boolean;
  now?: () => Date;
}

const refusedIn = ({ rejected, file }: IngestReport): number =>
  rejected - file.rejects.reduce((sum, { lines }) => sum + lines, 0);

/** Whether the file still reads as it did when it was loaded: another version of this software may understand more of its lines. */
const readsAs = ({ stored, rejected, account }: Load, report: IngestReport): boolean =>
  report.stored === stored && report.rejected === rejected && report.file.amount === account.amount;

/**
 * Loads a file into a table, as {@link ingestFile} does, and puts it on record. A file that is on record as complete, to the byte,
 * is read and accounted for without a single write: loading it twice changes nothing and costs nothing. That also leaves alone what
 * later files have made of its rows; without `reuse` they are written anew.
 *
 * @throws as {@link ingestFile}; StepError when the record cannot be read or written
 */
export async function loadFile(
  client: KeyspacesClient,
  name: TableName,
  { path, uri }: DataFile,
  { reuse = true, now = () => new Date(), ...options }: LoadOptions,
): Promise<IngestReport> {
  await createLoadsTable(client, name, options.signal ? { signal: options.signal } : {});
  let earlier = null as Load | null;
  const isLoaded = async (fingerprint: string): Promise<boolean> => {
    earlier = reuse ? await findLoad(client, name, fingerprint) : null;
    return earlier?.refused === 0;
  };
  let report = await ingestFile(client, name, path, { ...options, isLoaded });
  if (report.reused) {
    if (earlier !== null && readsAs(earlier, report)) return report;
    report = await ingestFile(client, name, path, options);
  }
  const { fingerprint, lines, stored, rejected, firstInvoiceNumber, lastInvoiceNumber, file: account } = report;
  await recordLoad(client, name, {
    ...{ fingerprint, uri, loadedAt: now(), lines, stored, rejected, refused: refusedIn(report) },
    ...{ amount: account.amount, firstInvoiceNumber, lastInvoiceNumber, account },
  });
  return report;
}
