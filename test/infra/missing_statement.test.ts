import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  type AwsSession,
  ensureBucket,
  findExecutionRole,
  listBuckets,
  metadataOf,
  tagsOf,
  uploadBytes,
} from "@keyspaces-segmentation/aws-session";
import { computeFeatures } from "@keyspaces-segmentation/glue-features";
import type { Asked } from "@keyspaces-segmentation/iam-local";
import { ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { assignByBatchTransform, assignByEndpoint, trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans";
import { FEATURES_ROLE, policiesOfRoles, TRAINING_ROLE } from "../../local/permissions.js";
import { type PolicyParameters, renderPolicy } from "../../local/policies.js";
import { type RunningAws, region, startAws } from "../support/aws.js";
import { withEnvironment } from "../support/environment.js";
import { fakeSpark, featuresRequest } from "../support/glue_jobs.js";
import { customers, trainingRequest } from "../support/sagemaker_requests.js";
import { sessionOf } from "../support/session.js";
import { parameters as defaults, statementsOf, tableOf } from "./infra.js";
import { firstMissed } from "./steps.js";

const parameters: PolicyParameters = {
  ...defaults,
  "AWS::Region": region,
  NotebookRole: ROLE_NAME,
  TrainingRole: TRAINING_ROLE,
  FeaturesRole: FEATURES_ROLE,
};
const { Bucket: bucket = "", DataBucket = "", DataKey = "", Prefix: prefix = "" } = parameters;
const account = "123456789012";
const role = `arn:aws:iam::${account}:role/${TRAINING_ROLE}`;
const who = temporaryIdentity("policies");

/** The permissions that the helpers below have asked for, and by which of them. */
const asked: (Asked & { helper: string })[] = [];
let helper = "";

let aws: RunningAws;
let folder: string;
let session: AwsSession;

/** Gives the roles the policies of infra/iam, without one statement. */
async function givePolicies(without?: string): Promise<void> {
  for (const [RoleName, policies] of Object.entries(policiesOfRoles)) {
    for (const PolicyName of policies) {
      const document = renderPolicy(PolicyName, parameters);
      const Statement = document.Statement.filter((statement) => (statement as { Sid: string }).Sid !== without);
      const PolicyDocument = JSON.stringify({ ...document, Statement });
      await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    }
  }
}

withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));
beforeAll(async () => {
  const onDecision = (decided: Asked) => void asked.push({ ...decided, helper });
  folder = await mkdtemp(join(tmpdir(), "missing-"));
  await writeFile(join(folder, "spark.jar"), "a jar");
  aws = await startAws(5, { withPolicies: true, others: [who], onDecision, glue: { spark: fakeSpark } });
  const { accessKeyId, secretAccessKey, sessionToken = "" } = who;
  session = sessionOf({
    region,
    arn: who.arn,
    credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }),
  });
  for (const [RoleName, trust] of [
    [ROLE_NAME, "notebook_trust"],
    [TRAINING_ROLE, "training_trust"],
    [FEATURES_ROLE, "features_trust"],
  ] as const) {
    const AssumeRolePolicyDocument = JSON.stringify(renderPolicy(trust, parameters));
    await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  }
  for (const Bucket of [DataBucket, bucket]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
  await aws.s3.send(new PutObjectCommand({ Bucket: DataBucket, Key: DataKey, Body: "x" }));
});
beforeEach(() => givePolicies());
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});

let modelUri = "";
const hosted = () => ({ modelUri, role, customers, tags: tagsOf(session) });
const train = () => trainKMeans(session, { ...trainingRequest, role, bucket, prefix, tags: tagsOf(session) });
/** What the notebook's steps do with AWS, by the step's name in infra/README.md. */
const helpers: Readonly<Record<string, () => Promise<unknown>>> = {
  role: () => findExecutionRole(session, TRAINING_ROLE),
  bucket: () => ensureBucket(session, bucket),
  buckets: () => listBuckets(session),
  data: () => metadataOf(session, { bucket: DataBucket, key: DataKey }, {}),
  objects: () => uploadBytes(session, { bucket, key: `${prefix}/x` }, "x"),
  train: async () => {
    ({ modelUri } = await train());
  },
  "batch transform": () =>
    assignByBatchTransform(session, { ...hosted(), bucket, prefix, instanceType: "ml.m5.large" }),
  endpoint: () => assignByEndpoint(session, hosted()),
  "role of Spark": () => findExecutionRole(session, FEATURES_ROLE),
  spark: () => computeFeatures(session, featuresRequest({ bucket, prefix, folder })),
};

test("with the policies as they are, all of it works", async () => {
  for (const [name, work] of Object.entries(helpers)) {
    helper = name;
    await work();
  }
  helper = "";
  expect(asked.filter(({ decision, caller }) => !decision.allowed && caller.arn === who.arn)).toEqual([]);
});

/** Those that Keyspaces is asked for, and what a helper of the list does not need. */
const elsewhere = [
  "KeyspacesConnect",
  "KeyspacesDefine",
  "KeyspacesRows",
  "FindTraining",
  "FeaturesConnect",
  "FeaturesRows",
  "FeaturesResults",
  "FeaturesLogs",
  "TrainingMetrics",
];

describe("one statement less", () => {
  const rows = tableOf("policy").flatMap(([policy = "", sids = "", , action = ""]) =>
    sids.split(", ").map((sid) => [`${policy}_policy`, sid, action] as const),
  );
  const ofRoles = rows.filter(([policy]) => Object.values(policiesOfRoles).flat().includes(policy));

  test.each(ofRoles.filter(([, sid]) => !elsewhere.includes(sid)))("%s without %s: %s is missed", (_, sid, action) => {
    const used = asked.flatMap(({ helper: step, caller, request: { action: name, resource, values } }) => {
      const [, role] = /:assumed-role\/([^/]+)\//.exec(caller.arn) ?? [];
      return step === "" || role === undefined
        ? []
        : { step, role, action: name, resource, values: Object.fromEntries(values) };
    });
    expect(firstMissed(used, sid, parameters)?.action).toBe(action);
  });

  // The real helpers, one for each service: what a person reads names the permission.
  test.each<[string, string, string]>([
    ["TrainingRole", "role", "iam:GetRole"],
    ["Bucket", "bucket", "s3:ListBucket"],
    ["Objects", "objects", "s3:PutObject"],
    ["Train", "train", "sagemaker:CreateTrainingJob"],
    ["PassTrainingRole", "train", "iam:PassRole"],
    ["TrainingBucket", "train", "s3:ListBucket"],
    ["TrainingObjects", "train", "s3:GetObject"],
    ["SparkJob", "spark", "glue:GetJob"],
    ["SparkRun", "spark", "glue:StartJobRun"],
    ["FeaturesBucket", "spark", "s3:ListBucket"],
    ["FeaturesObjects", "spark", "s3:GetObject"],
    ["FeaturesStore", "spark", "s3:PutObject"],
    ["ScoringModel", "endpoint", "sagemaker:CreateModel"],
    ["BatchTransform", "batch transform", "sagemaker:CreateTransformJob"],
    ["UseEndpoint", "endpoint", "sagemaker:DescribeEndpoint"],
  ])("without %s, what the step %s says names %s", async (sid, name, action) => {
    await givePolicies(sid);
    const error = (await helpers[name]!().catch((thrown) => thrown)) as { message: string; hint?: string };
    expect(`${error.message} ${error.hint}`).toContain(action);
  });
});

test.each([
  ["nothing", undefined, undefined],
  ["NetworkInterfaces", "NetworkInterfaces", "ec2:CreateNetworkInterface"],
  ["LookAtNetwork", "LookAtNetwork", "ec2:DescribeSubnets"],
])("in a VPC, without %s of the training role's network", async (_, sid, action) => {
  const { Version, Statement } = renderPolicy("network_policy", parameters);
  const left = Statement.filter((statement) => (statement as { Sid: string }).Sid !== sid);
  const PolicyDocument = JSON.stringify({ Version, Statement: left });
  await aws.iam.send(new PutRolePolicyCommand({ RoleName: TRAINING_ROLE, PolicyName: "network", PolicyDocument }));
  const vpc = { subnets: ["subnet-0a1b2c3d"], securityGroupIds: ["sg-0a1b2c3d"] };
  const request = { ...trainingRequest, role, bucket, prefix, tags: tagsOf(session), vpc };
  const training = trainKMeans(session, request);
  if (action === undefined) await expect(training).resolves.toMatchObject({ status: "Completed" });
  else await expect(training).rejects.toThrow(action);
});

test("without TrainingLogs a training makes its model and leaves no log", async () => {
  const streamsOf = async ({ job }: { job: string }) => {
    // Past the front: who looks is not what is asked here.
    const answer = await fetch(`http://127.0.0.1:${aws.moto.port}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "Logs_20140328.DescribeLogStreams",
        authorization: `AWS4-HMAC-SHA256 Credential=test/20200101/${region}/logs/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify({ logGroupName: "/aws/sagemaker/TrainingJobs", logStreamNamePrefix: job }),
    });
    return ((await answer.json()) as { logStreams: object[] }).logStreams;
  };
  expect(await streamsOf(await train())).toHaveLength(1);
  await givePolicies("TrainingLogs");
  const silent = await train();
  expect(silent.status).toBe("Completed");
  expect(await streamsOf(silent)).toEqual([]);
});

test("every action of every statement is one that some helper or statement of CQL asks for", () => {
  const used = new Set(asked.map(({ request }) => request.action));
  const unused = ["notebook_policy", "scoring_policy", "spark_policy"].flatMap((policy) =>
    statementsOf(policy).flatMap(({ Action }) =>
      [Action].flat().filter((action) => !action.startsWith("cassandra:") && !used.has(action)),
    ),
  );
  // Jobs are stopped where they are interrupted; the bucket is there; what clean-up and a second run do is not done here.
  expect(unused.sort()).toEqual([
    "glue:BatchStopJobRun",
    "glue:DeleteJob",
    "glue:GetJobRuns",
    "glue:UpdateJob",
    "s3:AbortMultipartUpload",
    "s3:CreateBucket",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:GetObjectVersion",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "sagemaker:ListTrainingJobs",
    "sagemaker:StopTrainingJob",
    "sagemaker:StopTransformJob",
  ]);
});
