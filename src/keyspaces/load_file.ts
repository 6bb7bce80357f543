import { type IngestOptions, type IngestReport, ingestFile } from "./ingest.js";
import type { KeyspacesClient } from "./keyspaces_client.js";
import { createLoadsTable, findLoad, recordLoad } from "./loads.js";
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
  const isLoaded = async (fingerprint: string): Promise<boolean> => {
    const load = reuse ? await findLoad(client, name, fingerprint) : null;
    return load !== null && load.refused === 0;
  };
  const report = await ingestFile(client, name, path, { ...options, isLoaded });
  if (report.reused) return report;
  const { fingerprint, lines, stored, rejected, firstInvoice, lastInvoice, file: account } = report;
  const unreadable = account.rejects.reduce((sum, bin) => sum + bin.lines, 0);
  await recordLoad(client, name, {
    ...{ fingerprint, uri, loadedAt: now(), lines, stored, rejected, refused: rejected - unreadable },
    ...{ amount: account.amount, firstInvoice, lastInvoice, account },
  });
  return report;
}
