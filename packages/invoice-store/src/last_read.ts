import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import {
  type AwsSession,
  discardDownload,
  downloadTemporarily,
  isAboutTheObject,
  reasonOf,
  uploadFiles,
} from "@keyspaces-segmentation/aws-session";
import { lastReadObject, type RegistryLocation } from "@keyspaces-segmentation/cluster-store";
import { messageOf, type StepError } from "@keyspaces-segmentation/common";
import { type KeptSums, readSums } from "@keyspaces-segmentation/invoices";
import type { LoadJournal } from "./load_journal.js";
import type { Load } from "./loads.js";

/** The version of what is written; records of 2 may lack what loads at the same time have brought, those of 3 have no witness. */
const FORMAT = "last read of a table, 4";

/** A load that was in the table when it was read, and which of its writings. */
interface ReadLoad extends Pick<Load, "fingerprint"> {
  /** ISO text in UTC. */
  readonly loadedAt: string;
}

/** Which state of a table was read. */
export interface ReadState {
  readonly loads: readonly ReadLoad[];
  /** Attempts of loads that had failed; whatever they have written is in. */
  readonly failed: readonly string[];
}

/** Which table was read, and in what state. */
export interface SeenTable {
  readonly state: ReadState;
  /** An invoice that had rows in it; null where none is known. */
  readonly witness: string | null;
}

/** What the table's customers came to when it was last read. */
export interface LastRead extends SeenTable {
  readonly sums: KeptSums;
}

/** The state of a table that nothing is writing to; null where a load is under way, or was killed. */
export function stateOf({ loads, open }: LoadJournal): ReadState | null {
  if (open.some(({ hasFailed }) => !hasFailed)) return null;
  return {
    loads: loads.map(({ fingerprint, loadedAt }) => ({ fingerprint, loadedAt: loadedAt.toISOString() })),
    failed: open.map(({ attempt }) => attempt).sort(),
  };
}

/** In the first record, before those of the sums. */
interface Envelope extends ReadState, Pick<SeenTable, "witness"> {
  readonly format: string;
  readonly keyspace: string;
  readonly table: string;
}

/**
 * Keeps what a table's customers came to, for the next read, in the place of what was there.
 *
 * @param records as `RetailFold.records` makes them; taken one by one, to a file and from there to S3
 * @throws StepError when S3 refuses; the signal's reason when aborted
 */
export async function keepRead(
  aws: AwsSession,
  where: RegistryLocation,
  { state, witness }: SeenTable,
  records: Iterable<string>,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { keyspace, table, kmsKey = null } = where;
  const { bucket, key } = lastReadObject(aws, where);
  const folder = await mkdtemp(join(tmpdir(), "last-read-"));
  const path = join(folder, basename(key));
  const envelope: Envelope = { format: FORMAT, keyspace, table, loads: state.loads, failed: state.failed, witness };
  function* lines(): Generator<string> {
    yield `${JSON.stringify(envelope)}\n`;
    for (const record of records) yield `${record}\n`;
  }
  try {
    await pipeline(Readable.from(inPieces(lines())), createGzip(), createWriteStream(path, { mode: 0o600 }));
    const to = { bucket, prefix: `${dirname(key)}/` };
    await uploadFiles(aws, to, [path], { kmsKey, ...(signal && { signal }) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A stream takes its time for each piece, however short. */
function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < 1 << 16) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest + decoder.decode() !== "") throw new TypeError("its last record is not complete");
}

/**
 * What was kept of the last read of a table; null where nothing is.
 *
 * @returns an Error, in words, where what is there cannot be used: damaged, not readable for this identity, or about another table
 * @throws StepError when S3 does not answer; the signal's reason when aborted
 */
export async function lastRead(
  aws: AwsSession,
  where: RegistryLocation,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<LastRead | Error | null> {
  const at = lastReadObject(aws, where);
  let path: string;
  try {
    ({ path } = await downloadTemporarily(aws, at, { ...(signal && { signal }) }));
  } catch (error) {
    signal?.throwIfAborted();
    const reason = reasonOf((error as StepError).cause);
    if (reason === "NoSuchKey") return null;
    if (isAboutTheObject(reason)) return new Error(messageOf((error as StepError).cause), { cause: error });
    throw error;
  }
  try {
    return await parsed(path, where);
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  } finally {
    await discardDownload(path);
  }
}

async function parsed(path: string, { keyspace, table }: RegistryLocation): Promise<LastRead> {
  let found: LastRead | undefined;
  await pipeline(createReadStream(path), createGunzip(), async (bytes: AsyncIterable<Uint8Array>) => {
    const lines = linesOf(bytes);
    const first = await lines.next();
    const envelope = Object(first.done ? undefined : JSON.parse(first.value)) as Partial<Envelope>;
    const { format, loads, failed, witness = null } = envelope;
    if (format !== FORMAT) throw new TypeError(`it is not of the format “${FORMAT}”`);
    if (envelope.keyspace !== keyspace || envelope.table !== table)
      throw new TypeError(`it is of ${envelope.keyspace}.${envelope.table}`);
    if (!Array.isArray(loads) || !Array.isArray(failed)) throw new TypeError("it does not say what was read");
    found = { state: { loads, failed }, witness, sums: await readSums(lines) };
  });
  return found!;
}
