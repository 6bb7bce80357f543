import { join } from "node:path";
import { type Examination, examine, type Needs } from "@keyspaces-segmentation/aws-doctor";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import { hasKMeans } from "@keyspaces-segmentation/sagemaker-kmeans";
import { dataOutOfReach } from "./retail_data.js";
import type { Settings } from "./settings.js";

export type Preflight = Examination;

/** The folder with the policies that say which permission is for what. */
export const policies: string = join(__dirname, "..", "..", "infra", "iam");

function needsOf({ parameters, sources }: Pick<Settings, "parameters" | "sources">): Needs {
  const { keyspace, table, bucket, prefix, dataBucket, dataKey, instanceType, scoring, kmsKey } = parameters;
  const { executionRole, engine, sparkRole, subnets } = parameters;
  const keyspacePattern = sources.keyspace === "default" ? keyspace.replace(/\d{8}$/, "*") : keyspace;
  const where = { keyspace, keyspacePattern, table, bucket, prefix, dataBucket, dataKey };
  return { policies, ...where, instanceType, scoring, kmsKey, executionRole, engine, sparkRole, subnets };
}

function noKMeans({ region }: AwsSession): StepError | null {
  if (hasKMeans(region)) return null;
  return new StepError({
    tried: `train in ${region}`,
    got: "no container image of SageMaker's K-Means algorithm is known there",
    hint: "Set AWS_REGION to a region that has it, such as eu-central-1 or us-east-1.",
  });
}

/**
 * Checks what the walkthrough will need before it needs it; see {@link examine}.
 *
 * @param options.createBucket whether SageMaker's default bucket is created if that is the one to use and it is missing
 */
export function preflight(
  aws: AwsSession,
  settings: Settings,
  { createBucket = true }: { createBucket?: boolean } = {},
): Promise<Preflight> {
  const troubles = { region: noKMeans(aws), "retail data": dataOutOfReach(aws, settings) };
  const known = Object.entries(troubles).flatMap(([name, trouble]) => (trouble ? [{ name, trouble }] : []));
  return examine(aws, needsOf(settings), { keyspaces: settings, known, createBucket });
}
