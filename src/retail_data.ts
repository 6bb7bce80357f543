import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import {
  type DownloadedObject,
  downloadTemporarily,
  metadataOf,
  partitionOf,
} from "@keyspaces-segmentation/aws-session";
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

/** AWS's public bucket with the sample, and the key of the part that the notebook takes. */
export const sample = {
  dataBucket: "sagemaker-sample-files",
  dataKey: "datasets/tabular/online_retail/online_retail_II_20k.csv",
} as const;

/**
 * What keeps the data from being read, where that is known beforehand: names of buckets and credentials end at a partition, and the
 * sample is in the one of the commercial regions. In another one, the bucket of that name would be somebody else's.
 */
export function dataOutOfReach(
  { region }: Pick<AwsSession, "region">,
  { parameters: { dataBucket } }: Pick<Settings, "parameters">,
): StepError | null {
  const { id } = partitionOf(region);
  if (dataBucket !== sample.dataBucket || id === "aws") return null;
  return new StepError({
    tried: `read the sample in s3://${sample.dataBucket} from ${region}`,
    got: `AWS keeps it in the partition aws, which credentials of the partition ${id} cannot read`,
    hint: "Put a copy of it, or a CSV file of your own, into a bucket of yours and set `dataBucket` and `dataKey`.",
  });
}

/** Whether the data are AWS's sample. */
export const isSample = ({ dataBucket }: Pick<Settings["parameters"], "dataBucket">): boolean =>
  dataBucket === sample.dataBucket;

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
 * Downloads the file of the parameters `dataBucket` and `dataKey` into a temporary folder.
 *
 * @throws StepError as {@link downloadTemporarily}, and as {@link dataOutOfReach} returns it
 */
export async function downloadRetailData(
  aws: AwsSession,
  settings: Pick<Settings, "parameters">,
  options: { signal?: AbortSignal } = {},
): Promise<RetailData> {
  const { dataBucket, dataKey } = settings.parameters;
  const outOfReach = dataOutOfReach(aws, settings);
  if (outOfReach) throw outOfReach;
  const object = await downloadTemporarily(aws, { bucket: dataBucket, key: dataKey }, options);
  const generated = isGenerated(object.metadata);
  return { ...object, generated, currency: generated || dataBucket === sample.dataBucket ? "GBP" : null };
}
