import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { writeFailure, writeWhole } from "@keyspaces-segmentation/common";
import type { KeyValue } from "./row_encoding.js";

/** How far an ingest has come, so that another run can go on from there. */
export interface Checkpoint {
  /** SHA-256 of the data file. */
  readonly file: string;
  readonly keyspace: string;
  readonly table: string;
  /** The run that has written it, as that is on record of the table; undefined where none is. */
  readonly attempt?: string | undefined;
  /** How its records were read; see `IngestSource`. */
  readonly readAs?: string | undefined;
  /** Every line of the file up to this one is stored, or in the rejects file. */
  readonly settledLine: number;
  readonly stored: number;
  readonly rejected: number;
  /** Length of the rejects file that belongs to it; what follows is of lines that were not settled yet. */
  readonly rejectsBytes: number;
  /** The primary key of a row that is stored: a table that lacks it is not the one that was written to. */
  readonly storedKey: readonly KeyValue[];
  /** Where the table had rows of other files: what is counted of those that the file has in common with it. */
  readonly overlap?: unknown;
}

/** SHA-256 of a file, in hexadecimal. */
export async function fingerprintOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** Undefined where there is no such file; whatever else keeps it from being read is thrown. */
export async function ifThere<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * What is in the file; undefined where there is none, or what is in it is no checkpoint: then there is nothing to go on from.
 *
 * @param isOverlap whether it is what the ingest counts of an overlap
 * @throws what the operating system says of a file that is there and cannot be read
 */
export async function readCheckpoint(
  path: string,
  isOverlap: (value: unknown) => boolean = () => false,
): Promise<Checkpoint | undefined> {
  const text = await ifThere(readFile(path, "utf8"));
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text) as Partial<Record<keyof Checkpoint, unknown>> | null;
    const counts = [found?.settledLine, found?.stored, found?.rejected, found?.rejectsBytes];
    const texts = [found?.file, found?.keyspace, found?.table];
    const sound =
      counts.every((count) => Number.isSafeInteger(count) && (count as number) >= 0) &&
      texts.every((text) => typeof text === "string") &&
      Array.isArray(found?.storedKey) &&
      found.storedKey.every((value) => typeof value === "string" || typeof value === "number") &&
      (found.attempt === undefined || typeof found.attempt === "string") &&
      (found.readAs === undefined || typeof found.readAs === "string") &&
      (found.overlap === undefined || isOverlap(found.overlap));
    return sound ? (found as unknown as Checkpoint) : undefined;
  } catch {
    return undefined;
  }
}

/** One for all processes, so that the next run overwrites what a killed one has left. */
const partialOf = (path: string): string => `${path}.partial`;

/** Replaces the file in one step: whoever is killed meanwhile leaves the old one or the new one. @throws StepError */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  try {
    await writeWhole(path, `${JSON.stringify(checkpoint)}\n`, partialOf(path));
  } catch (error) {
    throw writeFailure("how far the ingest has come", path, error, "run it again: it goes on from here");
  }
}

export async function removeCheckpoint(path: string): Promise<void> {
  await Promise.all([path, partialOf(path)].map((file) => rm(file, { force: true })));
}
