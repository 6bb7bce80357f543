import { type AwsSession, partitionOf } from "@keyspaces-segmentation/aws-session";
import type { Statement } from "./check.js";
import type { NeededStatement } from "./permissions.js";
import { type PolicyValues, statementsOf } from "./policies.js";

/** What a run is going to use, as its parameters say. */
export interface Needs {
  /** Folder with the policies that a run needs. */
  readonly policies: string;
  readonly keyspace: string;
  /** What a policy names it by: a star may stand for what changes from run to run. */
  readonly keyspacePattern: string;
  readonly table: string;
  /** null: SageMaker's default bucket. */
  readonly bucket: string | null;
  readonly prefix: string;
  readonly dataBucket: string;
  readonly dataKey: string;
  readonly instanceType: string;
  readonly scoring: "local" | "batch_transform" | "endpoint";
  /** null: S3's own. */
  readonly kmsKey: string | null;
  /** null: the one of this environment. */
  readonly executionRole: string | null;
  /** What reads the table; by default this process. */
  readonly engine?: "node" | "spark";
  /** ARN or name of the role that Spark's job runs as; null: the one of training jobs. */
  readonly sparkRole?: string | null;
  /** The subnets that jobs run in; null: SageMaker's own network. */
  readonly subnets?: string | null;
}

/** Where each statement shows if it is missing. */
const steps: Readonly<Record<string, string>> = {
  KeyspacesConnect: "step 2",
  KeyspacesDefine: "step 3",
  KeyspacesRows: "step 5",
  ListOfBuckets: "step 1",
  Bucket: "step 1",
  Objects: "step 7",
  RetailData: "step 3",
  SparkJob: "step 6",
  TagSpark: "step 6",
  SparkRun: "step 6",
  FindFeaturesRole: "step 6",
  PassFeaturesRole: "step 6",
  TrainingRole: "step 1",
  PassTrainingRole: "step 7",
  Train: "step 7",
  TagTraining: "step 7",
  WatchTraining: "step 7",
  FindTraining: "step 7",
  KeyForObjects: "step 7",
  KeyForVolumes: "step 7",
  NetworkInterfaces: "step 7",
  LookAtNetwork: "step 7",
  DescribeKey: "step 3",
  KeyForTables: "step 3",
};

const hosting = /^(ScoringModel|TagScoring|Endpoint.*|UseEndpoint|DeleteEndpoint.*)$/;
const transforming = /^(ScoringModel|TagScoring|BatchTransform|WatchBatchTransform)$/;

/** What is filled in, for a bucket and a training role that were found. */
export interface Found {
  readonly bucket: string;
  /** ARN of the training role; "" where there is none. */
  readonly role: string;
}

/** The values of the policies' placeholders. */
export function valuesOf(aws: Pick<AwsSession, "region" | "account">, needs: Needs, found: Found): PolicyValues {
  return {
    "AWS::Partition": partitionOf(aws.region).id,
    "AWS::Region": aws.region,
    "AWS::AccountId": aws.account,
    Keyspace: needs.keyspacePattern,
    Bucket: found.bucket || needs.bucket || `sagemaker-${aws.region}-${aws.account}`,
    Prefix: needs.prefix,
    DataBucket: needs.dataBucket,
    DataKey: needs.dataKey,
    InstanceType: needs.instanceType,
    TrainingRole: found.role.replace(/^.*?:role\//, "") || "TRAINING_ROLE",
    FeaturesRole: (needs.sparkRole ?? found.role).replace(/^.*?:role\//, "") || "FEATURES_ROLE",
    KeyId: (needs.kmsKey ?? "").replace(/^.*:key\//, ""),
  };
}

/** A name that a pattern stands for: of something that is not there. */
const sample = (statement: Statement): Statement =>
  JSON.parse(
    JSON.stringify(statement).replace(/("Resource":)("[^"]*"|\[[^\]]*\])/, (_, key: string, value: string) => {
      return key + (value === '"*"' ? value : value.replaceAll("*", "doctor"));
    }),
  ) as Statement;

/** The statements that the training role needs where jobs run in subnets of one's own. */
export const networkStatements = (
  aws: Pick<AwsSession, "region" | "account">,
  needs: Needs,
  found: Found,
): readonly NeededStatement[] =>
  (needs.subnets ?? null) === null || found.role === ""
    ? []
    : statementsOf(needs.policies, "network_policy", valuesOf(aws, needs, found)).map((statement) => {
        return { statement, asked: sample(statement), step: steps[statement.Sid]! };
      });

/** The statements that a run needs, with what is asked about each. */
export function neededStatements(
  aws: Pick<AwsSession, "region" | "account">,
  needs: Needs,
  found: Found,
): readonly NeededStatement[] {
  const values = valuesOf(aws, needs, found);
  const concrete = { ...values, Keyspace: needs.keyspace };
  const of = (policy: string, wanted: RegExp = /^/) => {
    const asked = statementsOf(needs.policies, policy, concrete);
    return statementsOf(needs.policies, policy, values).flatMap((statement, index) =>
      wanted.test(statement.Sid)
        ? [{ statement, asked: sample(asked[index]!), step: steps[statement.Sid] ?? "Assign new customers" }]
        : [],
    );
  };
  return [
    ...of("notebook_policy"),
    ...(needs.scoring === "local" ? [] : of("scoring_policy", needs.scoring === "endpoint" ? hosting : transforming)),
    ...(needs.engine === "spark" ? of("spark_policy") : []),
    ...(needs.kmsKey === null ? [] : of("key_use_policy")),
  ];
}
