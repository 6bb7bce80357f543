import { createHash } from "node:crypto";
import type { StatusChange } from "@keyspaces-segmentation/aws-jobs";

/** A PySpark script as a job of Glue. */
export interface ScriptJob {
  readonly name: string;
  /** URIs in S3. */
  readonly script: string;
  readonly modules: readonly string[];
  readonly jars: readonly string[];
  /** ARN. */
  readonly role: string;
  /** Such as "G.1X". */
  readonly workerType: string;
  readonly workers: number;
  readonly timeoutMinutes: number;
}

/**
 * The files of a job, as arguments of a run: the job itself may name those of another version by then.
 *
 * @see https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
 */
export function fileArguments({
  script,
  modules,
  jars,
}: Pick<ScriptJob, "script" | "modules" | "jars">): Record<
  "--scriptLocation" | "--extra-jars" | "--extra-py-files",
  string
> {
  return { "--scriptLocation": script, "--extra-jars": jars.join(","), "--extra-py-files": modules.join(",") };
}

/** How a run is followed. */
export interface RunOptions {
  readonly onStatus?: ((change: StatusChange) => void) | undefined;
  /** Stops the run. */
  readonly signal?: AbortSignal | undefined;
}

/** Characters of the hash that tells the jobs of an account apart. */
const HASH_LENGTH = 8;

/** What jobs there are: one computes features, the other puts customers into clusters. */
export const JOB_KINDS = ["features", "clusters"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** The name of the one job of a kind of all that work below a prefix of a bucket. */
export function jobNameFor({ kind, bucket, prefix }: { kind: JobKind; bucket: string; prefix: string }): string {
  const hash = createHash("sha256").update(`${bucket}/${prefix}`).digest("hex").slice(0, HASH_LENGTH);
  return `customer-segmentation-${kind}-${hash}`;
}
