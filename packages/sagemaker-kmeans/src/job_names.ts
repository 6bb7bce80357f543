import { createHash } from "node:crypto";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { text } from "./rules.js";

/** SageMaker's limit for the names of jobs, models and endpoints. */
const LONGEST_NAME = 63;
/** Of `-YYYY-MM-DD-HH-MM-SS-mmm`. */
const TIME_LENGTH = 24;
/** Characters of a fingerprint: 40 bits tell the trainings of one account apart. */
const FINGERPRINT_LENGTH = 10;

const baseNameRule = text(/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/, "letters, digits and hyphens, none of those at its ends");

const cut = (name: string, length: number): string => name.slice(0, length).replace(/-+$/, "");

/**
 * A name like those that the SageMaker Python SDK gives its jobs, models and endpoints: `<base>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC),
 * unique to the millisecond and at most 63 characters, for which the base is cut.
 *
 * @throws ArgumentError for characters that SageMaker refuses
 */
export function uniqueName(baseName: string, now: Date): string {
  baseNameRule("baseName", baseName, undefined);
  const time = now.toISOString().slice(0, 23).replace(/[T:.]/g, "-");
  return `${cut(baseName, LONGEST_NAME - TIME_LENGTH)}-${time}`;
}

/** What decides a training's result. */
export interface Decisive {
  readonly data: readonly Matrix[];
  /** Anything that JSON can hold. */
  readonly settings: unknown;
}

function fingerprintOf({ data, settings }: Decisive): string {
  const hash = createHash("sha256");
  for (const { rows, columns, values } of data) {
    hash.update(`${rows} ${columns} `);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  hash.update(JSON.stringify(settings));
  return hash.digest("hex").slice(0, FINGERPRINT_LENGTH);
}

/**
 * A name for a training job by which it is known again: `<base>-<fingerprint>-YYYY-MM-DD-HH-MM-SS-mmm`.
 *
 * @throws ArgumentError for a base name with characters that SageMaker refuses
 */
export function trainingJobName(baseName: string, decisive: Decisive, now: Date): string {
  const base = cut(baseName, LONGEST_NAME - TIME_LENGTH - FINGERPRINT_LENGTH - 1);
  return uniqueName(`${base}-${fingerprintOf(decisive)}`, now);
}

/** The beginning of the names of all training jobs with the same base name, data and settings. */
export const sharedNameOf = (trainingJob: string): string => trainingJob.slice(0, -TIME_LENGTH);
