import { mkdtemp, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { type DownloadedObject, downloadObject, metadataOf, partitionOf } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import type { Invoices } from "@keyspaces-segmentation/invoice-store";
import type { Settings } from "./settings.js";

/** The retail data on this machine. */
export interface RetailData extends DownloadedObject {
  /** Whether the object says of itself (metadata `origin`) that its content is made up. */
  generated: boolean;
  /** The currency that it is known to be in, an ISO 4217 code; null where that is not known. */
  currency: string | null;
}

/** AWS's public bucket with the sample. */
const sampleBucket = "sagemaker-sample-files";

/**
 * What keeps the data from being read, where that is known beforehand: names of buckets and credentials end at a partition, and the
 * sample is in the one of the commercial regions. In another one, the bucket of that name would be somebody else's.
 */
export function dataOutOfReach(
  { region }: Pick<AwsSession, "region">,
  { parameters: { dataBucket } }: Pick<Settings, "parameters">,
): StepError | null {
  const { id } = partitionOf(region);
  if (dataBucket !== sampleBucket || id === "aws") return null;
  return new StepError({
    tried: `read the sample in s3://${sampleBucket} from ${region}`,
    got: `AWS keeps it in the partition aws, which credentials of the partition ${id} cannot read`,
    hint: "Put a copy of it, or a CSV file of your own, into a bucket of yours and set `dataBucket` and `dataKey`.",
  });
}

/** One folder a process: downloading again, as from a cell that is run again, leaves nothing behind. */
let folder: Promise<string> | undefined;
/** What {@link downloadRetailData} has written: nothing else is ever removed. */
const downloaded = new Set<string>();

/** Whether the data are AWS's sample. */
export const isSample = ({ dataBucket }: Pick<Settings["parameters"], "dataBucket">): boolean =>
  dataBucket === sampleBucket;

const isGenerated = (metadata: Readonly<Record<string, string>>): boolean => metadata.origin === "generated";

/**
 * Whose invoices the parameters `dataBucket` and `dataKey` name: AWS's sample and generated ones are nobody's.
 *
 * @throws StepError when the object cannot be looked at
 */
export async function invoicesOf(
  aws: AwsSession,
  { parameters: { dataBucket, dataKey } }: Pick<Settings, "parameters">,
): Promise<Invoices> {
  if (isSample({ dataBucket })) return "sample";
  const hint = "There is no such object or bucket. Check `dataBucket` and `dataKey`; capitals count.";
  return isGenerated(await metadataOf(aws, { bucket: dataBucket, key: dataKey }, { NotFound: hint }))
    ? "sample"
    : "own";
}

/**
 * Downloads the CSV of the parameters `dataBucket` and `dataKey` into a temporary folder.
 *
 * @throws StepError as {@link downloadObject}, and as {@link dataOutOfReach} returns it
 */
export async function downloadRetailData(
  aws: AwsSession,
  settings: Pick<Settings, "parameters">,
  options: { signal?: AbortSignal } = {},
): Promise<RetailData> {
  const { dataBucket, dataKey } = settings.parameters;
  const outOfReach = dataOutOfReach(aws, settings);
  if (outOfReach) throw outOfReach;
  folder ??= mkdtemp(join(tmpdir(), "retail-data-"));
  const path = join(await folder, basename(dataKey));
  const object = await downloadObject(aws, { bucket: dataBucket, key: dataKey }, path, options);
  downloaded.add(path);
  const generated = isGenerated(object.metadata);
  return { ...object, generated, currency: generated || dataBucket === sampleBucket ? "GBP" : null };
}

/**
 * Removes a file that {@link downloadRetailData} has written in this process, and its folder once that is empty. Any other file is
 * left alone.
 *
 * @returns whether it was one of those
 */
export async function discardRetailData(path: string): Promise<boolean> {
  if (!downloaded.delete(path)) return false;
  await rm(path, { force: true });
  if (downloaded.size > 0) return true;
  folder = undefined;
  // Whatever else has come into it is somebody's.
  await rmdir(dirname(path)).catch(() => undefined);
  return true;
}
