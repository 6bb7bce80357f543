import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { StepError } from "../errors.js";
import type { Settings } from "../settings.js";
import { type DownloadedObject, downloadObject } from "./objects.js";
import { partitionOf } from "./partition.js";
import type { AwsSession } from "./session.js";

/** The retail data on this machine. */
export interface RetailData extends DownloadedObject {
  /** Whether the object says of itself (metadata `origin`) that its content is made up. */
  generated: boolean;
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
  return { ...object, generated: object.metadata.origin === "generated" };
}
