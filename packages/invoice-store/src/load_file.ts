import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import type { InvoiceFile, ReadingRow } from "@keyspaces-segmentation/invoice-files";
import { noOverlap, refuseNoLines } from "@keyspaces-segmentation/invoices";
import type { IngestOptions, KeyspacesClient, TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { CURRENCY, ingestInvoices, type LoadReport } from "./ingest_invoices.js";
import {
  forgetOpenLoads,
  journalOf,
  type LoadJournal,
  NOTED_EVERY_MS,
  noteOpenLoad,
  type OpenLoad,
} from "./load_journal.js";
import { createLoadsTable, findLoad, type Load, recordLoad } from "./loads.js";
import { createInvoicesOfLoadTable, listInvoices } from "./new_invoices.js";
import { refuseBeside, StoppedLoadError } from "./stopped_load.js";

/** A data file: how it is meant, and where it came from. */
export interface DataFile {
  file: InvoiceFile;
  uri: string;
}

export interface LoadOptions extends Omit<IngestOptions, "isLoaded" | "isShared" | "attempt" | "rewrite"> {
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

/**
 * Lines that are read otherwise than before are not the rows that they were, and would come in beside them.
 *
 * @throws StepError where a file that is in the table is to be read otherwise
 */
function refuseOtherReading(
  { reading, stored }: Load,
  rows: readonly ReadingRow[],
  { uri, name }: { uri: string; name: TableName },
): void {
  // Not noted with every load; and where no line was stored, none is there twice.
  if (reading.length === 0 || stored === 0) return;
  const before = new Map(reading.map(({ what, readAs }) => [what, readAs]));
  const differing = rows.filter(({ what, readAs }) => what !== CURRENCY && before.get(what) !== readAs);
  const gone = reading.filter(({ what }) => what !== CURRENCY && !rows.some((row) => row.what === what));
  const [first] = [
    ...differing.map(({ what, readAs }) => ({ what, from: before.get(what) ?? "–", to: readAs })),
    ...gone.map(({ what, readAs }) => ({ what, from: readAs, to: "–" })),
  ];
  if (first === undefined) return;
  throw new StepError({
    tried: `load ${uri} into ${name.keyspace}.${name.table}`,
    got: `this very file is in the table and was read otherwise (${first.what}: ${first.from}, and now ${first.to}), so its lines would be there twice`,
    hint: "Set the parameters as they were, or another `keyspace` or `table`.",
  });
}

/** Amounts of two currencies cannot be added up. @throws StepError where the table holds a file in another one */
function refuseOtherCurrency(
  loads: readonly Load[],
  { currency }: InvoiceFile,
  { uri, name }: { uri: string; name: TableName },
): void {
  if (currency === null) return;
  for (const { uri: other, reading } of loads) {
    const theirs: string = reading.find(({ what }) => what === CURRENCY)?.readAs ?? currency;
    if (theirs === currency) continue;
    throw new StepError({
      tried: `load ${uri} into ${name.keyspace}.${name.table}`,
      got: `its amounts are in ${currency}, and those of ${other}, which is in the table, in ${theirs}: they cannot be added up`,
      hint: "Name another `keyspace` or `table`, or set the parameter `currency` if the file is misread.",
    });
  }
}

/** How long is tried to note that a load has failed. */
const NOTE_MS = 3000;

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
 * @throws as {@link ingestInvoices}; StepError when no line of the file is an invoice line, this file was read otherwise before, or others are in another currency, when the record cannot be read or written
 */
export async function loadFile(
  client: KeyspacesClient,
  name: TableName,
  { file: data, uri }: DataFile,
  { reuse = true, kmsKey = null, now = () => new Date(), ...options }: LoadOptions,
): Promise<LoadReport> {
  const { signal, maxRowsPerSecond = Number.POSITIVE_INFINITY } = options;
  const newTable = { kmsKey, ...(signal && { signal }) };
  await Promise.all([createLoadsTable(client, name, newTable), createInvoicesOfLoadTable(client, name, newTable)]);
  let earlier = null as Load | null;
  let before: LoadJournal = { loads: [], open: [] };
  let open = null as OpenLoad | null;
  let fingerprintOfFile = "";
  const others = ({ loads }: LoadJournal, fingerprint: string): Load[] =>
    loads.filter((load) => load.fingerprint !== fingerprint);
  /** Attempts at this file that had begun before this one. */
  const begunBefore = () => before.open.filter((load) => load.fingerprint === fingerprintOfFile);
  const note = (state: OpenLoad, ends = signal) => noteOpenLoad(client, name, state, { now: now(), signal: ends });
  const begin = async (): Promise<void> => {
    open = { fingerprint: fingerprintOfFile, uri, attempt: randomUUID(), hasFailed: false };
    notedAt = now().getTime();
    await note(open);
  };
  let [notedAt, noting] = [0, Promise.resolve()];
  const noteAgain = (): void => {
    if (open === null || now().getTime() - notedAt < NOTED_EVERY_MS) return;
    notedAt = now().getTime();
    // Where that fails, the load does not: the next time it may go.
    noting = note(open).catch(() => undefined);
  };
  const record = async (load: Load): Promise<void> => {
    await noting;
    await recordLoad(client, name, load);
    const ended = [...begunBefore(), ...(open ? [open] : [])];
    open = null;
    // It is on record, whether or not notes can be taken back: while one stays, the table is read as a whole.
    await journalOf(client, name)
      .then((now) => {
        const failed = now.open.filter((each) => each.hasFailed && each.fingerprint === fingerprintOfFile);
        return forgetOpenLoads(client, name, [...ended, ...failed]);
      })
      .catch(() => undefined);
  };
  /** Notes that this attempt has failed, unless another has loaded the file to its end meanwhile: then nothing of it is missing. */
  const noteFailure = async (attempt: OpenLoad): Promise<void> => {
    await noting;
    await note({ ...attempt, hasFailed: true }, AbortSignal.timeout(NOTE_MS));
    const ofFile = ({ loads }: LoadJournal) => loads.find((load) => load.fingerprint === fingerprintOfFile);
    const [was, is] = [ofFile(before), ofFile(await journalOf(client, name))];
    const isComplete = is?.refused === 0 && is.stopped === null;
    if (isComplete && is.loadedAt.getTime() !== was?.loadedAt.getTime()) await forgetOpenLoads(client, name, [attempt]);
  };
  /** Whether nobody else has loaded, or tried to load, this very file: rows of it are this run's then. */
  const isAlone = async (): Promise<boolean> => {
    const { loads, open: begun } = await journalOf(client, name);
    const isOther = (load: OpenLoad) => load.attempt !== open?.attempt && load.fingerprint === fingerprintOfFile;
    return !loads.some((load) => load.fingerprint === fingerprintOfFile) && !begun.some(isOther);
  };
  const isLoaded = async (fingerprint: string): Promise<boolean> => {
    fingerprintOfFile = fingerprint;
    earlier = await findLoad(client, name, fingerprint);
    if (earlier !== null) refuseOtherReading(earlier, data.rows, { uri, name });
    before = await journalOf(client, name);
    refuseOtherCurrency(others(before, fingerprint), data, { uri, name });
    for (const { stopped, fingerprint: of } of others(before, fingerprint)) {
      const other = stopped === null ? null : await findLoad(client, name, of);
      refuseBeside(other ?? undefined, { uri, name });
    }
    // Where another attempt at it has not come to its end, this one does.
    const isThere = reuse && earlier?.refused === 0 && begunBefore().length === 0;
    if (!isThere) await begin();
    return isThere;
  };
  const isShared = async (fingerprint: string): Promise<boolean> =>
    others(await journalOf(client, name), fingerprint).length > 0;
  const isOnRecord = (id: string) => begunBefore().some(({ attempt }) => attempt === id);
  const attempt = () => ({ id: open?.attempt, isOnRecord });
  const onProgress: IngestOptions["onProgress"] = (progress) => {
    noteAgain();
    options.onProgress?.(progress);
  };
  const ingest = (rewrite: boolean, ask: Pick<IngestOptions, "isLoaded">) =>
    ingestInvoices(client, name, data, { ...options, ...ask, onProgress, isShared, attempt, rewrite }).catch(
      async (error: unknown) => {
        if (!(error instanceof StoppedLoadError)) throw error;
        const { file, firstInvoiceNumber: first } = error;
        await record({
          fingerprint: fingerprintOfFile,
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
          listedInvoices: null,
        });
        throw error;
      },
    );
  try {
    let report = await ingest(!reuse, { isLoaded });
    if (report.reused) {
      if (earlier !== null && readsAs(earlier, report)) return { ...report, overlap: earlier.overlap };
      before = await journalOf(client, name);
      await begin();
      report = await ingest(true, {});
    }
    refuseNoLines(report.file);
    const { fingerprint, lines, stored, rejected, firstInvoiceNumber, lastInvoiceNumber, file, overlap } = report;
    const loadedAt = now();
    // Of a file that another run has begun on, it is not known which rows are whose.
    const brought = others(before, fingerprint).length > 0 && (await isAlone()) ? report.newInvoices : null;
    if (brought !== null) {
      await listInvoices(client, name, { fingerprint, loadedAt }, brought, { maxRowsPerSecond, signal });
    }
    await record({
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
      listedInvoices: brought?.size ?? null,
    });
    return report;
  } catch (error) {
    // The failure is the one to tell, and soon; without the note, the load counts as under way.
    if (open !== null) {
      await Promise.race([noteFailure(open), setTimeout(NOTE_MS, undefined, { ref: false })]).catch(() => undefined);
    }
    throw error;
  }
}
