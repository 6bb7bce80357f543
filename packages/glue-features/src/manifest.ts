import { createHash } from "node:crypto";
import { type AwsSession, readObject } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import type { Scaler } from "@keyspaces-segmentation/customer-clusters";
import type { LedgerBin } from "@keyspaces-segmentation/invoices";

/** An object, and how many rows it has. */
export interface PartObject {
  readonly key: string;
  readonly rows: number;
}

/** Objects of one kind, in the order of their rows: customers by the hash of their ids. */
export interface ObjectList {
  readonly objects: readonly PartObject[];
}

export interface Aggregates extends ObjectList {
  readonly customers: number;
}

/** What the script writes last of all: that it is there says that the rest is complete. */
export interface Manifest {
  readonly version: number;
  readonly cut: string | null;
  readonly lines: number;
  readonly reused_numbers: number;
  readonly later: { readonly lines: number; readonly amount: string };
  readonly first_invoice: string | null;
  readonly last_invoice: string | null;
  readonly ledger: readonly LedgerBin[];
  readonly aggregates: Aggregates;
  readonly before_cut:
    | (Aggregates & { readonly first_invoice: string | null; readonly last_invoice: string | null })
    | null;
  readonly train: {
    readonly rows: number;
    readonly columns: readonly string[];
    readonly scaler: Scaler;
    readonly objects: readonly (PartObject & { readonly sha256: string })[];
  };
  readonly customers: ObjectList;
  /** What reading the table has taken; units are null where it was not said what a row weighs. */
  readonly read: { readonly ranges: number; readonly pages: number; readonly read_units: number | null };
  readonly seconds: number;
}

/** Where a run has written. */
export interface FeaturesPlace {
  readonly bucket: string;
  /** Without a slash at its end. */
  readonly prefix: string;
}

const VERSION = 2;

export const uriOf = ({ bucket, prefix }: FeaturesPlace, key: string): string => `s3://${bucket}/${prefix}/${key}`;

/** @throws StepError where it is not there, or of another version than is understood here */
export async function readManifest(
  aws: AwsSession,
  place: FeaturesPlace,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const at = { bucket: place.bucket, key: `${place.prefix}/manifest.json` };
  const manifest = JSON.parse(Buffer.from(await readObject(aws, at, { signal })).toString("utf8")) as Manifest;
  if (manifest.version === VERSION) return manifest;
  const got = `it is of version ${manifest.version}, and ${VERSION} is understood here`;
  throw new StepError({ tried: `read ${uriOf(place, "manifest.json")}`, got });
}

/** The features that lie ready for a training job. */
export interface StoredFeatures {
  /** Key prefix in the bucket, ends in a slash. */
  readonly prefix: string;
  readonly rows: number;
  readonly columns: number;
  /** Of what is in the objects, in their order. */
  readonly fingerprint: string;
}

/** The scaled features of a run, as a training job takes them. */
export function storedFeatures({ prefix }: FeaturesPlace, { train }: Manifest): StoredFeatures {
  const hash = createHash("sha256");
  for (const { rows, sha256 } of train.objects) hash.update(`${rows} ${sha256}\n`);
  const { rows, columns } = train;
  return { prefix: `${prefix}/train/`, rows, columns: columns.length, fingerprint: hash.digest("hex") };
}
