import { setTimeout } from "node:timers/promises";
import { messageOf } from "@keyspaces-segmentation/common";
import type { InvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { noOverlap, refuseNoLines } from "@keyspaces-segmentation/invoices";
import type { IngestOptions, KeyspacesClient, TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { admitFile } from "./admit_file.js";
import { ingestInvoices, type LoadReport } from "./ingest_invoices.js";
import { type AtOnce, type LoadAttempt, loadAttempt, nothingAtOnce } from "./load_attempt.js";
import { journalOf, type OpenLoad, ofFile } from "./load_journal.js";
import { createLoadsTable, isComplete, type Load } from "./loads.js";
import { createInvoicesOfLoadTable, listInvoices } from "./new_invoices.js";
import { StoppedLoadError } from "./stopped_load.js";

/** A data file: how it is meant, and where it came from. */
export interface DataFile {
  file: InvoiceFile;
  uri: string;
}

export interface LoadOptions
  extends Omit<IngestOptions, "isLoaded" | "isShared" | "attempt" | "onFirstRow" | "onRows" | "rewrite"> {
  /** Whether a file that was loaded before is left as it is; false writes every row anew. Default true. */
  reuse?: boolean;
  /** ARN of the KMS key for a new table of loads; null or none: a key of Keyspaces' own. */
  kmsKey?: string | null;
  now?: () => Date;
}

const refusedIn = ({ rejected, file }: LoadReport): number =>
  rejected - file.rejects.reduce((sum, { lines }) => sum + lines, 0);

/**
 * Whether the file still reads as it did when it was loaded: another version of this software may understand more of its lines.
 */
const readsAs = ({ stored, rejected, file }: Load, report: LoadReport): boolean =>
  report.stored === stored && report.rejected === rejected && report.file.amount === file.amount;

/** How long is tried to note that a load has failed. */
const NOTE_MS = 3000;

/** As {@link LoadReport}. */
export interface FileReport extends LoadReport {
  readonly atOnce: AtOnce;
  /** Whether the table has rows of which no load is on record. */
  readonly isBesideUnknown: boolean;
}

/**
 * Loads a file into a table, as {@link ingestInvoices} does, and puts it on record. A file that is on record as complete, to the byte,
 * is read and accounted for without a single write: loading it twice changes nothing and costs nothing. That also leaves alone what
 * later files have added to its invoices; without `reuse` its rows are written anew.
 *
 * A load that the file itself has stopped is on record as such, and the table takes no further file.
 *
 * Where other files are in the table, the invoices that this one brings are listed beside its record, for `readTable`. From its first
 * row on, a load that does not come to its end is noted as open, hourly: until the file is loaded again, the table is read as a whole.
 *
 * @throws as {@link ingestInvoices} and {@link admitFile}; StepError when no line of the file is an invoice line, when the record cannot be
 *   read or written
 */
export async function loadFile(
  client: KeyspacesClient,
  name: TableName,
  { file: data, uri }: DataFile,
  { reuse = true, kmsKey = null, now = () => new Date(), ...options }: LoadOptions,
): Promise<FileReport> {
  const { signal, maxRowsPerSecond = Number.POSITIVE_INFINITY } = options;
  const newTable = { kmsKey, ...(signal && { signal }) };
  await Promise.all([createLoadsTable(client, name, newTable), createInvoicesOfLoadTable(client, name, newTable)]);
  let earlier = null as Load | null;
  let attempt = null as LoadAttempt | null;
  let begunBefore: readonly OpenLoad[] = [];
  let isBesideUnknown = false;
  const isLoaded = async (fingerprint: string): Promise<boolean> => {
    const file = { fingerprint, uri, data };
    const admission = await admitFile(client, name, file);
    ({ earlier, isBesideUnknown } = admission);
    begunBefore = admission.own.open;
    attempt = loadAttempt(client, name, file, { now, isBesideUnknown, signal });
    // Where another attempt at it has not come to its end, this one does.
    return reuse && earlier?.refused === 0 && begunBefore.length === 0;
  };
  const isShared = async (fingerprint: string): Promise<boolean> => {
    const { loads, open } = ofFile(await journalOf(client, name), fingerprint).others;
    return loads.length + open.length > 0;
  };
  const ingest = (rewrite: boolean, ask: Pick<IngestOptions, "isLoaded">) =>
    ingestInvoices(client, name, data, {
      ...options,
      ...ask,
      isShared,
      attempt: () => ({
        get id() {
          return attempt!.id;
        },
        isOnRecord: (id) => begunBefore.some((open) => open.attempt === id),
      }),
      onFirstRow: (start) => attempt!.begin(start),
      onRows: (how) => attempt!.hasRows(how),
      onProgress(progress) {
        attempt!.renew();
        options.onProgress?.(progress);
      },
      rewrite,
    }).catch(async (error: unknown) => {
      if (!(error instanceof StoppedLoadError)) throw error;
      // Of a file that is on record as complete, what has come before is not misread.
      const isInByOthers = begunBefore.length > 0 && !(earlier !== null && isComplete(earlier));
      if (!attempt!.hasWritten && !isInByOthers) {
        // The contradiction is the one to tell.
        await attempt!.withdraw().catch(() => undefined);
        throw error.cause;
      }
      const { file, firstInvoiceNumber: first } = error;
      await attempt!.record({
        fingerprint: attempt!.fingerprint,
        uri,
        loadedAt: now(),
        lines: file.lines,
        stored: file.lines,
        // Some of its lines are not stored, so that it is not taken for loaded.
        rejected: 0,
        refused: 1,
        amount: file.amount,
        firstInvoiceNumber: first,
        lastInvoiceNumber: first,
        file,
        overlap: earlier?.overlap ?? noOverlap,
        reading: data.rows,
        stopped: messageOf(error.cause),
        brought: null,
        isBesideUnknown,
      });
      throw error;
    });
  try {
    let report = await ingest(!reuse, { isLoaded });
    if (report.reused) {
      if (earlier !== null && readsAs(earlier, report))
        return { ...report, overlap: earlier.overlap, atOnce: nothingAtOnce, isBesideUnknown };
      report = await ingest(true, {});
    }
    refuseNoLines(report.file);
    const { fingerprint, lines, stored, rejected, firstInvoiceNumber, lastInvoiceNumber, file } = report;
    const { others, atOnce } = await attempt!.beside();
    const loadedAt = now();
    // Of a file that another run has begun on, it is not known which rows are whose.
    const invoices = others === "none" ? report.newInvoices : null;
    const isListed =
      invoices !== null &&
      (await listInvoices(client, name, { fingerprint, loadedAt }, invoices, { maxRowsPerSecond, signal }));
    // What equals a row may be of another run at it, unless this one has gone on from there: rather too many rows are known than too few.
    const overlap = others === "else" ? noOverlap : report.overlap;
    await attempt!.record({
      fingerprint,
      uri,
      loadedAt,
      lines,
      stored,
      rejected,
      refused: refusedIn(report),
      amount: file.amount,
      firstInvoiceNumber,
      lastInvoiceNumber,
      file,
      reading: data.rows,
      // Of a file that is written anew, the rows that are there are its own.
      overlap: earlier?.overlap ?? overlap,
      stopped: null,
      brought: isListed ? invoices.size : null,
      isBesideUnknown,
    });
    return { ...report, atOnce, isBesideUnknown };
  } catch (error) {
    // The failure is the one to tell, and soon; without the note, the load counts as under way.
    const failing = attempt?.fail(AbortSignal.timeout(NOTE_MS));
    await Promise.race([failing, setTimeout(NOTE_MS, undefined, { ref: false })]).catch(() => undefined);
    throw error;
  }
}
