import { RunCosts } from "@keyspaces-segmentation/aws-costs";
import { RUN_PREFIX, regionIn } from "@keyspaces-segmentation/aws-session";
import {
  amount,
  calendarDay,
  cuts,
  matching,
  oneOf,
  optional,
  type ParameterReaders,
  type ParameterSource,
  readParameters,
  wholeNumber,
  yesOrNo,
} from "@keyspaces-segmentation/common";
import type { Scaling } from "@keyspaces-segmentation/customer-clusters";
import { requireSpark, type SparkParameters, sparkParameters } from "@keyspaces-segmentation/glue-features";
import { type FileParameters, fileParameters } from "@keyspaces-segmentation/invoice-files";
import { ownTables } from "@keyspaces-segmentation/invoice-store";
import { type Preparation, retailTable } from "@keyspaces-segmentation/invoices";
import type { Endpoint } from "@keyspaces-segmentation/keyspaces-bulk";
import {
  acceptMaxRejects,
  type MaxRejects,
  maxRejectsRule,
  readEndpoint,
} from "@keyspaces-segmentation/keyspaces-bulk";
import { type NetworkParameters, networkParameters, requireNetwork } from "@keyspaces-segmentation/sagemaker-kmeans";

/** What a run of the walkthrough can vary. The notebook's parameter cell sets the defaults. */
export interface Parameters extends FileParameters, NetworkParameters, SparkParameters {
  /** S3 bucket and key of the retail CSV. */
  dataBucket: string;
  dataKey: string;
  /** Keyspace to create; default `blog_yyyymmdd`, the UTC date of the run. */
  keyspace: string;
  table: string;
  preparation: Preparation;
  /** Day from which recency counts, YYYY-MM-DD; null: the day of the last invoice in the data. */
  analysisDate: string | null;
  /** Four ascending bounds for the scores of each feature; null: fifths of the customers. */
  recencyCuts: readonly number[] | null;
  frequencyCuts: readonly number[] | null;
  monetaryCuts: readonly number[] | null;
  scaling: Scaling;
  /** Number of clusters. */
  k: number;
  /** Instance type of the training job, and of a batch transform. */
  instanceType: string;
  /** How many of them train. */
  instances: number;
  /** How the training data are written. */
  format: "csv" | "recordio";
  /** Whether training takes spot instances: cheaper, and perhaps later. */
  spot: boolean;
  /** What becomes of a training job when its cell is interrupted. */
  whenLeft: "leave" | "stop";
  /** Whether to go on from what an earlier run has done with the same data and settings, instead of paying for it twice. */
  reuse: boolean;
  /** Whether step 6 reads the whole table, or only what has changed since the last run. */
  read: "changed" | "full";
  /** KMS key for tables, objects in S3, and disks and results of jobs; null: each service's own. */
  kmsKey: string | null;
  /** What assigns new customers to clusters. */
  scoring: "local" | "batch_transform" | "endpoint";
  /** Bucket for training data, model and results; null: SageMaker's default bucket. */
  bucket: string | null;
  /** Key prefix inside the bucket, without slashes at its ends. */
  prefix: string;
  /** ARN of a role to assume for Keyspaces, S3 and SageMaker; null: whoever is signed in. */
  accessRole: string | null;
  /** ARN or name of the role the training job runs as; null: the one that this environment has. */
  executionRole: string | null;
  outputDirectory: string;
  /** Where the ingest stops: so many lines that cannot be stored, or such a share of those read. */
  maxRejects: MaxRejects;
  /** Rows that are written in a second at most, to stay below a table's capacity; null: as fast as the service takes them. */
  maxRowsPerSecond: number | null;
  /** Days after which a run's rows in the tables of results expire; null: never. */
  resultsTtlDays: number | null;
  /** US dollars that the run may cost, by its estimate; null: as much as it does. */
  budgetUsd: number | null;
  /** Whether the last section drops the keyspace and the objects it made. */
  cleanUp: boolean;
}

/** Parameters and surroundings of a run, validated. */
export interface Settings {
  readonly parameters: Parameters;
  /** For each parameter, where its value came from. */
  readonly sources: Readonly<Record<keyof Parameters, ParameterSource>>;
  /** Names this run of the notebook: all that it makes in AWS bears it. The UTC time of its beginning. */
  readonly run: string;
  /** From AWS_REGION or AWS_DEFAULT_REGION; null: ask the SDK, which also reads the profile. */
  readonly region: string | null;
  /** null: the Keyspaces endpoint of the region. */
  readonly keyspacesEndpoint: Endpoint | null;
  /** PEM file with the certificate authorities to trust; null: those that Node ships. */
  readonly keyspacesCaFile: string | null;
  /** What the run costs: it is told of all that is sent. */
  readonly costs: RunCosts;
}

// Names in Keyspaces: API Reference, CreateTable. Buckets: S3 User Guide, "General purpose bucket naming rules".
const identifier = /^[A-Za-z0-9][A-Za-z0-9_]{0,47}$/;
const identifierRule = "1 to 48 letters, digits or underscores, the first a letter or digit";
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const bucketRule = "the name of an S3 bucket (3 to 63 lower-case letters, digits, dots or hyphens)";

const readers: ParameterReaders<Parameters> = {
  dataBucket: matching(bucketRule, bucketName),
  dataKey: matching("the key of an S3 object", /^[^\0]{1,1024}$/),
  ...fileParameters,
  keyspace: matching(identifierRule, identifier),
  table: matching(identifierRule, identifier, "online_retail"),
  preparation: oneOf(["net", "sales", "as_published"], "net"),
  analysisDate: optional(calendarDay),
  recencyCuts: cuts,
  frequencyCuts: cuts,
  monetaryCuts: cuts,
  scaling: oneOf(["min_max", "log_standard"], "min_max"),
  k: wholeNumber({ fallback: 6 }),
  instanceType: matching(
    'a SageMaker instance type such as "ml.m5.large"',
    /^ml\.[a-z0-9-]+\.[a-z0-9]+$/,
    "ml.m5.large",
  ),
  instances: wholeNumber({ fallback: 1 }),
  format: oneOf(["csv", "recordio"], "csv"),
  spot: yesOrNo(false),
  whenLeft: oneOf(["leave", "stop"], "leave"),
  reuse: yesOrNo(true),
  read: oneOf(["changed", "full"], "changed"),
  ...networkParameters,
  ...sparkParameters,
  kmsKey: optional(matching("the id or ARN of a KMS key", /^[a-zA-Z0-9:/_-]{1,2048}$/)),
  scoring: oneOf(["local", "batch_transform", "endpoint"], "local"),
  bucket: optional(matching(bucketRule, bucketName)),
  prefix: matching("a key prefix without slashes at its ends", RUN_PREFIX, "customer-segmentation"),
  accessRole: optional(matching("the ARN of an IAM role", /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/)),
  executionRole: optional(
    matching("the ARN or the name of an IAM role", /^(arn:aws[a-z-]*:iam::\d{12}:role\/.+|[\w+=,.@-]{1,64})$/),
  ),
  outputDirectory: matching("the path of a folder", /^[^\0]+$/, "../out"),
  maxRejects: {
    rule: maxRejectsRule,
    fallback: "20%",
    read: (value) => acceptMaxRejects(typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value),
  },
  maxRowsPerSecond: optional(wholeNumber()),
  resultsTtlDays: optional(wholeNumber({ most: 7300 })),
  budgetUsd: optional(amount),
  cleanUp: yesOrNo(false),
};

/**
 * Puts together what a run needs to know from the notebook's parameter cell and the environment.
 *
 * Each parameter can be set from outside as SEGMENTATION_<NAME_IN_CAPITALS>, for example SEGMENTATION_K=5; outside wins.
 *
 * @param defaults the values of the parameter cell
 * @throws ArgumentError naming the parameter or variable, what it must be and what it was
 */
export function readSettings(
  defaults: Partial<Parameters>,
  environment: NodeJS.ProcessEnv = process.env,
  now: Date = new Date(),
): Settings {
  const today = now.toISOString().slice(0, 10).replaceAll("-", "");
  const { values: parameters, sources } = readParameters<Parameters>(
    { ...readers, keyspace: { ...readers.keyspace, fallback: `blog_${today}` } },
    {
      cell: defaults as Record<string, unknown>,
      environment,
      prefix: "SEGMENTATION_",
      // They say how a run shows itself, not what it does.
      others: ["SEGMENTATION_DEBUG", "SEGMENTATION_HEADLESS"],
    },
  );
  requireNetwork(parameters);
  requireSpark(parameters);
  const { budgetUsd, table } = parameters;
  const tables = { ...ownTables, [table]: retailTable };
  return {
    parameters,
    sources,
    run: now.toISOString().slice(0, 23).replace(/[T:.]/g, "-"),
    costs: new RunCosts({ budgetUsd, tables }),
    region: regionIn(environment),
    keyspacesEndpoint: readEndpoint("KEYSPACES_ENDPOINT", environment.KEYSPACES_ENDPOINT),
    keyspacesCaFile: environment.KEYSPACES_CA_FILE || null,
  };
}
