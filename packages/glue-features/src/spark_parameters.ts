import {
  ArgumentError,
  matching,
  oneOf,
  optional,
  type ParameterReaders,
  wholeNumber,
} from "@keyspaces-segmentation/common";

/** What a reader may settle about who computes the features of customers. */
export interface SparkParameters {
  /** What reads the table and computes features: this process, or Apache Spark as a job of AWS Glue. */
  engine: "node" | "spark";
  /** ARN or name of the role that the Glue job runs as; null: the one that training jobs run as. */
  sparkRole: string | null;
  sparkWorkerType: string;
  sparkWorkers: number;
  /** After so many minutes a Glue job is ended. */
  sparkTimeoutMinutes: number;
  /** Customers that are read back to be looked at; of more than that, so many, drawn at random. */
  sparkSample: number;
}

/** Glue's own limit: less than a week. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-runs.html */
const LONGEST = 10_079;

/** Spark takes about a minute to begin. */
const SHORTEST = 2;

/** One worker leads the others. */
const FEWEST_WORKERS = 2;

/** That an account may use at once, unless it has asked for more. https://docs.aws.amazon.com/general/latest/gr/glue.html */
const MOST_DPUS = 1000;

/** By their names: a G.2X has 2 DPUs, an R.2X 2 of twice the memory. https://docs.aws.amazon.com/glue/latest/dg/worker-types.html */
const WORKER_TYPES = ["G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X"] as const;

/** The DPUs of a worker. */
export const dpusOf = (workerType: string): number => Number(workerType.slice(2, -1));

/** How these parameters are read from a cell, the command line or the environment. */
export const sparkParameters: ParameterReaders<SparkParameters> = {
  engine: oneOf(["node", "spark"], "node"),
  sparkRole: optional(
    matching("the ARN or the name of an IAM role", /^(arn:aws[a-z-]*:iam::\d{12}:role\/.+|[\w+=,.@-]{1,64})$/),
  ),
  sparkWorkerType: oneOf(WORKER_TYPES, "G.1X"),
  sparkWorkers: wholeNumber({ fallback: 2, least: FEWEST_WORKERS, most: MOST_DPUS }),
  sparkTimeoutMinutes: wholeNumber({ fallback: 120, least: SHORTEST, most: LONGEST }),
  sparkSample: wholeNumber({ fallback: 200_000, most: 5_000_000 }),
};

/** What each of them is, in a few words for the reader of a notebook. */
export const SPARK_PARAMETER_WORDS: Readonly<Record<keyof SparkParameters, string>> = {
  engine: "what reads the table and computes features",
  sparkRole: "role that the Glue job runs as",
  sparkWorkerType: "type of its workers",
  sparkWorkers: "number of its workers",
  sparkTimeoutMinutes: "minutes after which it is ended",
  sparkSample: "customers to look at where Spark has found more",
};

/** What each of them stands for where it is null. */
export const SPARK_NULL_WORDS: Readonly<Record<"sparkRole", string>> = { sparkRole: "that of training jobs" };

/** Customers that have to be looked at for each cluster, so that names, spread and separation of clusters say something. */
const LEAST_OF_CLUSTER = 10;

/** @throws ArgumentError where Spark is to bring back too few customers for so many clusters, or has more workers than an account may use */
export function requireSpark({ engine, sparkSample, sparkWorkerType, sparkWorkers, k }: CheckedParameters): void {
  if (engine === "node") return;
  const least = LEAST_OF_CLUSTER * k;
  if (sparkSample < least) {
    const rule = `at least ${least}, ${LEAST_OF_CLUSTER} customers for each of the ${k} clusters of \`k\``;
    throw new ArgumentError("sparkSample", rule, sparkSample);
  }
  const dpus = dpusOf(sparkWorkerType);
  const most = Math.floor(MOST_DPUS / dpus);
  if (sparkWorkers > most) {
    const rule = `at most ${most}, as a ${sparkWorkerType} has ${dpus} DPUs and an account may use ${MOST_DPUS} at once`;
    throw new ArgumentError("sparkWorkers", rule, sparkWorkers);
  }
}

/** What is asked of Spark, for so many clusters. */
export interface CheckedParameters
  extends Pick<SparkParameters, "engine" | "sparkSample" | "sparkWorkerType" | "sparkWorkers"> {
  readonly k: number;
}
