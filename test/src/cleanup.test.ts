import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  GetJobCommand,
  GetJobRunsCommand,
  StartJobRunCommand,
} from "@aws-sdk/client-glue";
import { CreateRoleCommand, DeleteRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  DeleteModelCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  SageMakerClient,
  type Tag,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Cleaning, cleanAccount } from "@keyspaces-segmentation/aws-cleanup";
import { findLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/find_leftovers.js";
import { removeLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/remove_leftovers.js";
import { type AwsSession, tagsOf, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { registerRun } from "@keyspaces-segmentation/cluster-store/dist/registry.js";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { jobNameFor } from "@keyspaces-segmentation/glue-features/dist/script_job.js";
import { createKeyspace, createRetailTable, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { connectToKeyspaces, type KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { type Gateway, makeCertificates, startGateway } from "@keyspaces-segmentation/keyspaces-local";
import { type Identity, ROOT, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { kMeansImage } from "@keyspaces-segmentation/sagemaker-kmeans/dist/algorithm.js";
import { type PolicyParameters, renderPolicy } from "../../local/policies.js";
import { statementsOf } from "../infra/infra.js";
import { type RunningAws, region, startAws } from "../support/aws.js";
import { borrowCassandra } from "../support/borrow.js";
import { withEnvironment } from "../support/environment.js";
import { fakeSpark, jobRequest, untilIn } from "../support/glue_jobs.js";
import { registeredClusters } from "../support/registered_clusters.js";
import { sessionOf } from "../support/session.js";

const account = "123456789012";
const bucket = "my-segmentation";
const prefix = "customer-segmentation";
const values: PolicyParameters = {
  "AWS::Partition": "aws",
  "AWS::Region": region,
  "AWS::AccountId": account,
  Keyspace: "blog_*",
  Table: "online_retail",
  Bucket: bucket,
  Prefix: prefix,
  DataBucket: "shop",
  DataKey: "lines.csv",
  InstanceType: "ml.m5.large",
  TrainingRole: "SegmentationTraining",
  FeaturesRole: "SegmentationFeatures",
};
const sparkJob = jobNameFor({ kind: "features", bucket, prefix });
const clustersJob = jobNameFor({ kind: "clusters", bucket, prefix });
const role = `arn:aws:iam::${account}:role/SegmentationTraining`;
const policies = join(ROOT, "infra", "iam");

const identityOf = (name: string): Identity => ({
  ...temporaryIdentity("policies"),
  arn: `arn:aws:sts::${account}:assumed-role/${name}/jane`,
});
const jane = identityOf("Notebook");

const [broken, kept, theirs, running] = [
  "2025-11-29-07-00-00-001",
  "2025-11-28-07-00-00-002",
  "2025-11-27-07-00-00-003",
  "2025-11-26-07-00-00-004",
];
const sessionAs = (arn: string, run?: string, identity: Identity = jane): AwsSession => {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = identity;
  return sessionOf({
    region,
    account,
    arn,
    run,
    credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }),
  });
};

/** Milliseconds that things stay in a status; long, and a job runs through all tests. */
let pace = 20;

let aws: RunningAws;
let gateway: Gateway;
let folder: string;
let admin: KeyspacesClient;
let environment: NodeJS.ProcessEnv;
const connectAs = (session: AwsSession) =>
  connectToKeyspaces(session, {
    keyspacesEndpoint: { host: "localhost", port: gateway.port },
    keyspacesCaFile: join(folder, "ca.pem"),
  });

/** Gives the role of the notebook its policies, and with them that of the clean-up, without one statement. */
async function givePolicies(without?: string): Promise<void> {
  for (const PolicyName of ["notebook_policy", "clean_up_policy"]) {
    const document = renderPolicy(PolicyName, values);
    const Statement = document.Statement.filter((statement) => (statement as { Sid: string }).Sid !== without);
    const PolicyDocument = JSON.stringify({ ...document, Statement });
    await aws.iam.send(new PutRolePolicyCommand({ RoleName: "Notebook", PolicyName, PolicyDocument }));
  }
}

/** Does something while an action on a resource is denied to the notebook's role, whatever its policies allow. */
async function whileDenied<T>(action: string, resource: string, work: () => Promise<T>): Promise<T> {
  const name = { RoleName: "Notebook", PolicyName: "deny" };
  const Statement = [{ Effect: "Deny", Action: action, Resource: resource }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await aws.iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument }));
  return work().finally(() => aws.iam.send(new DeleteRolePolicyCommand(name)));
}

withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));

const listOf = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const modelUri = (job: string) => `s3://${bucket}/${prefix}/${job}/output/model.tar.gz`;
const variant = (ModelName: string) => ({
  VariantName: "AllTraffic",
  ModelName,
  InstanceType: "ml.m5.large" as const,
  InitialInstanceCount: 1,
  InitialVariantWeight: 1,
});

/** What a hosted model takes, as it is left where the process that has made it is killed. */
async function host(name: string, job: string, Tags: Tag[], parts: readonly string[]): Promise<void> {
  const PrimaryContainer = { Image: kMeansImage(region), ModelDataUrl: modelUri(job) };
  const { sageMaker } = aws;
  if (parts.includes("model")) {
    await sageMaker.send(new CreateModelCommand({ ModelName: name, ExecutionRoleArn: role, PrimaryContainer, Tags }));
  }
  if (!parts.includes("endpoint")) return;
  const config = { EndpointConfigName: name, ProductionVariants: [variant(name)], Tags };
  await sageMaker.send(new CreateEndpointConfigCommand(config));
  await sageMaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name, Tags }));
}

/** What a run leaves in S3, SageMaker's part of it written as SageMaker does, without our metadata. */
async function upload(session: AwsSession, job: string, results: string): Promise<void> {
  const keys = [`${job}/input/train/part-0.csv`, `${results}/results/customers.csv`];
  for (const key of keys) await uploadBytes(session, { bucket, key: `${prefix}/${key}` }, "1,2,3\n");
  await aws.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/${job}/output/model.tar.gz`, Body: "a model" }),
  );
}

const inputOf = (TrainingJobName: string, Tags: Tag[]) => ({
  TrainingJobName,
  RoleArn: role,
  Tags,
  HyperParameters: { k: "2", feature_dim: "3" },
  AlgorithmSpecification: { TrainingImage: kMeansImage(region), TrainingInputMode: "File" as const },
  InputDataConfig: [
    {
      ChannelName: "train",
      ContentType: "text/csv;label_size=0",
      DataSource: {
        S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: `s3://${bucket}/${prefix}/job-running/input/train/` },
      },
    },
  ],
  OutputDataConfig: { S3OutputPath: `s3://${bucket}/${prefix}/` },
  ResourceConfig: { InstanceType: "ml.m5.large" as const, InstanceCount: 1, VolumeSizeInGB: 10 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
});

const byHand = (statement: string) => admin.execute(statement, [], { prepare: false });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cleanup-"));
  aws = await startAws(() => pace, { withPolicies: true, others: [jane], glue: { spark: fakeSpark } });
  for (const RoleName of ["Notebook", "SegmentationTraining"]) {
    const AssumeRolePolicyDocument = JSON.stringify(renderPolicy("training_trust", values));
    await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  }
  const PolicyDocument = JSON.stringify(renderPolicy("training_policy", values));
  await aws.iam.send(
    new PutRolePolicyCommand({ RoleName: "SegmentationTraining", PolicyName: "training", PolicyDocument }),
  );
  const trust = JSON.stringify(renderPolicy("features_trust", values));
  await aws.iam.send(new CreateRoleCommand({ RoleName: "SegmentationFeatures", AssumeRolePolicyDocument: trust }));
  const features = JSON.stringify(renderPolicy("features_policy", values));
  await aws.iam.send(
    new PutRolePolicyCommand({ RoleName: "SegmentationFeatures", PolicyName: "features", PolicyDocument: features }),
  );
  await givePolicies();
  const CreateBucketConfiguration = { LocationConstraint: region } as const;
  await aws.s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await aws.s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  const [port, { ca, cert, key }] = await Promise.all([
    borrowCassandra("org.apache.cassandra.dht.Murmur3Partitioner"),
    makeCertificates(),
  ]);
  gateway = await startGateway({
    region,
    cassandra: { host: "127.0.0.1", port },
    identities: aws.identities,
    authoriser: aws.authoriser,
    certificate: { cert, key },
    activeAfterMs: 20,
  });
  await writeFile(join(folder, "ca.pem"), ca);
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|SEGMENTATION)_/.test(name));
  environment = {
    ...Object.fromEntries(own),
    AWS_REGION: region,
    AWS_ENDPOINT_URL: aws.front.url,
    SEGMENTATION_BUCKET: bucket,
    KEYSPACES_ENDPOINT: `localhost:${gateway.port}`,
    KEYSPACES_CA_FILE: join(folder, "ca.pem"),
    AWS_ACCESS_KEY_ID: jane.accessKeyId,
    AWS_SECRET_ACCESS_KEY: jane.secretAccessKey,
    AWS_SESSION_TOKEN: jane.sessionToken,
  };
  admin = await connectAs(sessionAs(aws.identity.arn, undefined, aws.identity));
});
let left: Promise<void> | undefined;
// Once the environment says where.
beforeEach(() => {
  left ??= leaveThings();
  return left;
});
afterAll(async () => {
  await admin?.shutdown();
  await gateway?.close();
  await aws.stop();
  await rm(folder, { recursive: true });
});

/** A run that broke off, one that was kept, one of somebody else's, and much that looks alike and is none of ours. */
async function leaveThings(): Promise<void> {
  const ofBroken = sessionAs(jane.arn, broken);
  const ofKept = sessionAs(jane.arn, kept);
  const joe = `arn:aws:sts::${account}:assumed-role/Notebook/joe`;
  const ofTheirs = sessionAs(joe, theirs);
  const ofRunning = sessionAs(jane.arn, running);
  for (const [session, keyspace] of [
    [ofBroken, "blog_20261129"],
    [ofKept, "blog_20261128"],
    [ofTheirs, "blog_20261127"],
  ] as const) {
    const client = await connectAs(session);
    await createKeyspace(client, keyspace, { owner: tagsOf(session)["made-for"]! });
    await createRetailTable(client, { keyspace, table: "online_retail" });
    await client.shutdown();
  }
  // Of the same form, and not marked.
  await byHand("CREATE KEYSPACE blog_20261126 WITH replication = {'class': 'SingleRegionStrategy'}");

  await upload(ofBroken, "job-broken", "results-broken");
  await upload(ofBroken, "job-shared", "results-broken");
  await upload(ofKept, "job-kept", "results-kept");
  await upload(ofTheirs, "job-theirs", "results-theirs");
  const entry = `${prefix}/clusters/${region}/blog_20261128/online_retail/2010-12-09-net-min_max-k6-91c0e5a2f7.json`;
  await uploadBytes(ofKept, { bucket, key: entry }, "{}");
  await uploadBytes(ofRunning, { bucket, key: `${prefix}/job-running/input/train/part-0.csv` }, "1,2,3\n");
  const put = (Key: string) => aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "theirs" }));
  for (const key of ["job-broken/notes.txt", "job-broken-2/input/train/part-0.csv", "x/output/model.tar.gz"]) {
    await put(`${prefix}/${key}`);
  }
  const Metadata = { "made-by": "keyspaces-segmentation", "made-for": tagsOf(ofBroken)["made-for"]!, run: broken };
  const Key = `${prefix}-2/job-broken/input/train/part-0.csv`;
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "another prefix", Metadata }));
  for (const Key of [`${prefix}/job-broken/output/model.tar.gz`, `${prefix}/job-broken/output/other.bin`]) {
    await aws.s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
  }

  const tagsOfBroken = listOf(tagsOf(ofBroken));
  await host("customer-segmentation-left", "job-broken", tagsOfBroken, ["model", "endpoint"]);
  // A model of ours that somebody else's endpoint answers with, and the model of its artefact.
  await host("customer-segmentation-shared", "job-shared", tagsOfBroken, ["model"]);
  const shared = { EndpointConfigName: "joes-config", ProductionVariants: [variant("customer-segmentation-shared")] };
  await aws.sageMaker.send(new CreateEndpointConfigCommand(shared));
  await aws.sageMaker.send(
    new CreateEndpointCommand({ EndpointName: "joes-endpoint", EndpointConfigName: "joes-config" }),
  );
  await host("customer-segmentation-untagged", "job-theirs", [], ["model"]);
  await host("customer-segmentation-kept", "job-kept", listOf(tagsOf(ofKept)), ["model"]);
  // Of names that no policy of ours is about.
  await host("customer-segmentation", "job-theirs", [], ["model"]);
  await host("my-customer-segmentation", "job-theirs", tagsOfBroken.slice(1), ["model"]);

  pace = 600_000;
  const transform = (TransformJobName: string, Tags: Tag[]) => ({
    TransformJobName,
    ModelName: "customer-segmentation-shared",
    Tags,
    TransformInput: {
      ContentType: "text/csv",
      DataSource: {
        S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: `s3://${bucket}/${prefix}/job-running/input/` },
      },
    },
    TransformOutput: { S3OutputPath: `s3://${bucket}/${prefix}/t/output/` },
    TransformResources: { InstanceType: "ml.m5.large" as const, InstanceCount: 1 },
  });
  for (const [name, tags] of [
    ["customer-segmentation-running", listOf(tagsOf(ofRunning))],
    ["customer-segmentation-foreign", []],
  ] as const) {
    await aws.sageMaker.send(new CreateTrainingJobCommand(inputOf(name, [...tags])));
    await aws.sageMaker.send(new CreateTransformJobCommand(transform(name, [...tags])));
  }
  pace = 20;
  await runSpark(ofRunning);
}

/** Has a script run by Glue that does not end by itself. */
async function runSpark(session: AwsSession): Promise<void> {
  const Key = `${prefix}/jobs/sleep.py`;
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "import time\ntime.sleep(600)\n" }));
  const request = jobRequest(Key, { Description: "Made by keyspaces-segmentation, for tests" });
  const Command = { ...request.Command, ScriptLocation: `s3://${bucket}/${Key}` };
  const Role = `arn:aws:iam::${account}:role/SegmentationFeatures`;
  for (const Name of [sparkJob, clustersJob])
    await aws.glue.send(new CreateJobCommand({ ...request, Name, Command, Role }));
  const Arguments = { "--run": session.run!, "--made_for": tagsOf(session)["made-for"]! };
  await aws.glue.send(new StartJobRunCommand({ JobName: sparkJob, Arguments }));
}

/** All that there is, a line each. */
async function inventory(): Promise<string[]> {
  const { s3, sageMaker } = aws;
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  const { Endpoints = [] } = await sageMaker.send(new ListEndpointsCommand({ MaxResults: 100 }));
  const { EndpointConfigs = [] } = await sageMaker.send(new ListEndpointConfigsCommand({ MaxResults: 100 }));
  const { Models = [] } = await sageMaker.send(new ListModelsCommand({ MaxResults: 100 }));
  const jobs: string[] = [];
  for (const name of ["customer-segmentation-running", "customer-segmentation-foreign"]) {
    const training = await sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    const transform = await sageMaker.send(new DescribeTransformJobCommand({ TransformJobName: name }));
    if (training.TrainingJobStatus !== "Stopped") jobs.push(`training job ${name}`);
    if (transform.TransformJobStatus !== "Stopped") jobs.push(`transform job ${name}`);
  }
  const look = new GetJobRunsCommand({ JobName: sparkJob });
  const { JobRuns: runs = [] } = await aws.glue.send(look).catch(() => ({ JobRuns: [] }));
  if (runs.some(({ JobRunState: state }) => state === "RUNNING" || state === "STARTING")) jobs.push("run of Spark");
  return [
    ...(await listKeyspaces(admin)).filter((name) => name.startsWith("blog_")).map((name) => `keyspace ${name}`),
    ...[...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => `object ${Key} ${VersionId}`),
    ...Uploads.map(({ Key }) => `upload ${Key}`),
    ...Endpoints.map(({ EndpointName }) => `endpoint ${EndpointName}`),
    ...EndpointConfigs.map(({ EndpointConfigName }) => `config ${EndpointConfigName}`),
    ...Models.map(({ ModelName }) => `model ${ModelName}`),
    ...jobs,
  ].sort();
}

/** The command's own process, as jane. */
async function cleanup(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [join(ROOT, "dist", "src", "cleanup.js"), ...args], { env: environment });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
}

/** Two days later, unless it is said: what does not run any more has broken off by then. */
const inProcess = (options: Record<string, unknown>, hours = 48) => {
  const session = sessionAs(jane.arn);
  const now = () => new Date(Date.now() + 3_600_000 * hours);
  return cleanAccount(() => connectAs(session), session, { bucket, prefix, policies }, options, { now });
};
/** The lines that the README shows of what the command prints. */
function shownInReadme(): string[] {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, shown = ""] = /### What's left\? [\s\S]*?```text\n([\s\S]*?)\n```/.exec(readme) ?? [];
  return shown.split("\n");
}
const goes = ({ rows }: Cleaning) => rows.filter((row) => row.goes).map(({ what }) => what);
/** What the removal of the run that broke off comes to, in its order. */
const ofBrokenRun = [
  "endpoint customer-segmentation-left",
  "endpoint configuration customer-segmentation-left",
  "model customer-segmentation-left",
  `2 objects, 1 unfinished upload in s3://${bucket}/${prefix}/job-broken/`,
  `1 object (2 versions) in s3://${bucket}/${prefix}/results-broken/`,
  "keyspace blog_20261129",
];

/** Of the one that is under way. */
const ofRunningRun = [
  expect.stringMatching(/^run jr_\w+ of the Glue job customer-segmentation-features-\w+, which is running$/),
  "training job customer-segmentation-running, which is running",
  "transform job customer-segmentation-running, which is running",
  `1 object in s3://${bucket}/${prefix}/job-running/`,
];

describe("npm run cleanup", () => {
  test("takes no run that may be under way for one that has broken off", async () => {
    const before = await inventory();
    const { code, out } = await cleanup("--json");
    const found = JSON.parse(out) as Cleaning;
    expect({ code, unseen: found.unseen, goes: goes(found) }).toEqual({ code: 0, unseen: [], goes: [] });
    expect(found.runs).toEqual([broken, kept, theirs, running]);
    expect(await inventory()).toEqual(before);
    const outcomes = Object.fromEntries(found.rows.map(({ what, outcome }) => [what, outcome]));
    expect(outcomes["keyspace blog_20261129"]).toMatch(
      /^stays: the run may be under way \(s3:\S+ written to (less than a|\d+) minutes? ago\); --run 2025-11-29-\S+ or --all removes it$/,
    );
    // What is running says so, however long it has been.
    const later = (await inProcess({ "dry-run": true }, 1000)).found.rows;
    const reasons = later.flatMap(({ run, goes, outcome }) => (run === running && !goes ? [outcome] : []));
    expect(reasons).toHaveLength(4);
    for (const reason of reasons) expect(reason).toContain("is running); --run 2025-11-26-07-00-00-004");
  });

  test("lists what a run that broke off has left, with what it costs, and with --dry-run removes nothing", async () => {
    const before = await inventory();
    const { text, found } = await inProcess({ "dry-run": true });
    expect(found.unseen).toEqual([]);
    expect(goes(found)).toEqual(ofBrokenRun);
    const costs = Object.fromEntries(found.rows.map(({ what, usdPerHour }) => [what, usdPerHour]));
    expect(found.rows.every((row) => !row.goes || row.run === broken)).toBe(true);
    expect(costs["model customer-segmentation-left"]).toBe(0);
    expect(await inventory()).toEqual(before);
    expect(text).toContain("Nothing was removed: this was a dry run.");
    expect(text).toMatch(/^remove +endpoint customer-segmentation-left +\(ml\.m5\.large, .*; run 2025-11-29-/m);
    expect(text.split("\n")).toEqual(expect.arrayContaining(shownInReadme()));
    // Without its input nothing would tell of an artefact whose it is.
    expect(found.rows).toContainEqual(
      expect.objectContaining({
        what: `2 objects in s3://${bucket}/${prefix}/job-shared/`,
        goes: false,
        outcome: "stays: it is needed by model customer-segmentation-shared",
      }),
    );
    expect(text).toMatch(/^stays +keyspace blog_20261128 .*\n +-> the run was kept; --run 2025-11-28-/m);
  });

  test.each(statementsOf("clean_up_policy").map(({ Sid }) => Sid))(
    "without the statement %s names it, and lists the rest",
    async (sid) => {
      await givePolicies(sid);
      try {
        const { found, failed } = await inProcess({ "dry-run": true });
        // What is only needed to remove shows when that is tried, below.
        if (sid === "OtherLeftovers") return;
        expect({ failed, unseen: found.unseen }).toEqual({
          failed: true,
          unseen: [expect.stringContaining(`is in the statement ${sid} of clean_up_policy.json`)],
        });
        expect(goes(found)).toEqual(sid === "SparkLeftovers" ? ofBrokenRun : ofBrokenRun.slice(4));
      } finally {
        await givePolicies();
      }
    },
  );

  test("one thing whose tags may not be read hides none of the others, and what it may need stays", async () => {
    const model = `arn:aws:sagemaker:${region}:${account}:model/customer-segmentation-kept`;
    const { found, text } = await whileDenied("sagemaker:ListTags", model, () => inProcess({ "dry-run": true }));
    expect(found.unseen).toEqual([expect.stringContaining(`read the tags of ${model}`)]);
    expect(goes(found)).toEqual(ofBrokenRun.filter((what) => !what.includes("job-broken")));
    expect(text).toContain("unseen   Could not read the tags");
  });

  test("one object that may not be looked at hides none of the others", async () => {
    const secrets = [1, 2].map((i) => `${prefix}/secrets/${i}.bin`);
    for (const Key of secrets) await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "theirs" }));
    const look = (key: string) =>
      whileDenied("s3:GetObject*", `arn:aws:s3:::${bucket}/${key}`, () => inProcess({ "dry-run": true }));
    const { found, failed } = await look(`${prefix}/secrets/*`);
    expect({ failed, goes: goes(found) }).toEqual({ failed: true, goes: ofBrokenRun });
    expect(found.unseen).toEqual([
      expect.stringMatching(
        /^Could not look whose s3:\/\/my-segmentation\/\S+\/secrets\/\d.bin is: .* So it is with 1 other\./,
      ),
    ]);
    // Of an entry of the registry it has to be known.
    const unknown = await look(`${prefix}/clusters/*`);
    expect(goes(unknown.found)).toEqual([]);
    expect(unknown.text).not.toContain("There is nothing to remove.");
    expect(unknown.found.rows.map(({ outcome }) => outcome)).toContain(
      "stays: whether its run was kept could not be seen",
    );
  });

  test("its policy allows to delete what bears the tag, and nothing else of that name", async () => {
    const asJane = new SageMakerClient(aws.settings(jane));
    const forget = asJane.send(new DeleteModelCommand({ ModelName: "customer-segmentation-untagged" }));
    await expect(forget).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("no identity-based policy allows the sagemaker:DeleteModel action"),
    });
    asJane.destroy();
  });

  test("with a run that has left nothing says which have", async () => {
    const { code, err } = await cleanup("--run", "2020-01-01-00-00-00-000", "--dry-run");
    expect(code).toBe(1);
    expect(err).toContain(`Those that have: ${broken}, ${kept}, ${theirs}, ${running}`);
  });

  test("with an option that there is not says how it is called", async () => {
    expect(await cleanup("--everything")).toMatchObject({
      code: 2,
      err: expect.stringContaining("usage: npm run cleanup"),
    });
  });

  test("removes that and nothing else, goes on where a permission was refused, and the second time finds nothing", async () => {
    const before = await inventory();
    const planned = (await inProcess({ "dry-run": true })).found.rows.map(({ outcome: _, ...row }) => row);
    await givePolicies("OtherLeftovers");
    const refused = await inProcess({}).finally(() => givePolicies());
    expect(refused.failed).toBe(true);
    const failures = refused.found.rows.filter((row) => row.failed);
    expect(failures.map(({ what }) => what)).toEqual(ofBrokenRun.slice(0, 1));
    for (const { outcome } of failures) {
      expect(outcome).toContain("is in the statement OtherLeftovers of clean_up_policy.json");
    }
    // An endpoint needs its configuration, that its model, and that its artefact, which is known by its input.
    const held = refused.found.rows.filter(({ outcome }) => outcome.endsWith(", and that could not be removed"));
    expect(held.map(({ what, outcome }) => [what, outcome])).toEqual(
      ofBrokenRun
        .slice(1, 4)
        .map((what, i) => [what, `stays: it is needed by ${ofBrokenRun[i]}, and that could not be removed`]),
    );
    const tried = ({ outcome: _, failed: __, goes: ___, ...row }: (typeof planned)[number] & { outcome?: string }) =>
      row;
    expect(refused.found.rows.map(tried)).toEqual(planned.map(tried));
    // It is still billed by the hour, and known to be.
    const again = (await inProcess({ "dry-run": true })).found;
    expect(again.rows.find(({ what }) => what === ofBrokenRun[0])?.cost).toMatch(/^ml\.m5\.large, /);
    const { code, out } = await cleanup("--json", "--run", broken);
    const rest = JSON.parse(out) as Cleaning;
    expect({ code, rows: goes(rest) }).toEqual({ code: 0, rows: ofBrokenRun.slice(0, 4) });
    const left = await inventory();
    const gone = before.filter((line) => !left.includes(line));
    expect(gone.map((line) => line.replace(/(^object \S+) .*/, "$1"))).toEqual([
      "config customer-segmentation-left",
      "endpoint customer-segmentation-left",
      "keyspace blog_20261129",
      "model customer-segmentation-left",
      `object ${prefix}/job-broken/input/train/part-0.csv`,
      `object ${prefix}/job-broken/output/model.tar.gz`,
      `object ${prefix}/results-broken/results/customers.csv`,
      `object ${prefix}/results-broken/results/customers.csv`,
      `upload ${prefix}/job-broken/output/model.tar.gz`,
    ]);
    expect(left.filter((line) => !before.includes(line))).toEqual([]);
    expect(goes((await inProcess({ "dry-run": true })).found)).toEqual([]);
  });

  test("what a job reads and writes stays where it may not be stopped", async () => {
    const job = `arn:aws:sagemaker:${region}:${account}:training-job/customer-segmentation-running`;
    const { found } = await whileDenied("sagemaker:StopTrainingJob", job, async () => {
      // The run of Spark and the transform are for the next test.
      const { goes: all, ...rest } = await findLeftovers(
        null,
        sessionAs(jane.arn),
        { bucket, prefix, policies },
        { choice: { runs: [running] }, now: new Date() },
      );
      const some = all.filter(({ what }) => /^training job|job-running/.test(what));
      return { found: await removeLeftovers({ ...rest, goes: some }, { policies }) };
    });
    expect(
      found.filter(({ run }) => run === running).map(({ what, failed, outcome }) => [what, failed, outcome]),
    ).toEqual([
      [ofRunningRun[1], true, expect.stringContaining("not authorized to perform: sagemaker:StopTrainingJob")],
      [ofRunningRun[3], false, `stays: it is needed by ${ofRunningRun[1]}, and that could not be removed`],
    ]);
  });

  test("stops what is running of a run that is named, and with --all removes the job of Spark as well", async () => {
    const named = await inProcess({ "dry-run": true, run: [running] });
    expect(goes(named.found)).toEqual(ofRunningRun);
    expect(named.text).toMatch(
      /^remove +training job .*which may be under way: run jr_\S+ of the Glue job \S+ is running\)$/m,
    );
    const before = await inventory();
    const { found } = await inProcess({ run: [running] });
    expect(found.rows.flatMap((row) => (row.goes ? [row.outcome] : []))).toEqual([
      "stopped",
      "stopped",
      "stopped",
      "removed",
    ]);
    const left = await inventory();
    expect(before.filter((line) => !left.includes(line))).toEqual([
      expect.stringContaining("/job-running/"),
      "run of Spark",
      "training job customer-segmentation-running",
      "transform job customer-segmentation-running",
    ]);
    const all = (await inProcess({ "dry-run": true, all: true })).found;
    expect(goes(all).slice(0, 2)).toEqual([`Glue job ${sparkJob}`, `Glue job ${clustersJob}`]);
    expect((await inProcess({ "dry-run": true })).found.rows).toContainEqual(
      expect.objectContaining({ what: `Glue job ${sparkJob}`, goes: false, outcome: expect.stringContaining("--all") }),
    );
  });

  test("lets the job of Spark stay, and what it runs, while somebody else's run of it is under way", async () => {
    const key = `${prefix}/jobs/0123456789abcdef/rfm_features.py`;
    const own = "2025-11-25-07-00-00-005";
    await uploadBytes(sessionAs(jane.arn, own), { bucket, key }, "a script");
    const Arguments = { "--run": theirs, "--made_for": `arn:aws:sts::${account}:assumed-role/Notebook/joe` };
    const { JobRunId: id = "" } = await aws.glue.send(new StartJobRunCommand({ JobName: sparkJob, Arguments }));
    const { found } = await inProcess({ "dry-run": true, all: true });
    const outcome = `stays: it is needed by run ${id} of the Glue job ${sparkJob}, which is running`;
    expect(found.rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ what: `Glue job ${sparkJob}`, goes: false, outcome }),
        expect.objectContaining({ what: `1 object in s3://${bucket}/${prefix}/jobs/`, goes: false, outcome }),
      ]),
    );
    // Nobody runs the other one.
    expect(goes(found)).toContain(`Glue job ${clustersJob}`);
    // With the run that needs it, it goes.
    expect(goes((await inProcess({ "dry-run": true, run: [theirs] })).found)).toContain(
      `run ${id} of the Glue job ${sparkJob}, which is running`,
    );
    await aws.glue.send(new BatchStopJobRunCommand({ JobName: sparkJob, JobRunIds: [id] }));
    await untilIn(aws.glue, sparkJob, id, "STOPPED");
    expect(goes((await inProcess({ run: [own] })).found)).toEqual([`1 object in s3://${bucket}/${prefix}/jobs/`]);
  });

  test("removes a run that was kept only where it is named, and of somebody else's nothing unless that is", async () => {
    const ofKept = ["model customer-segmentation-kept", "objects in registry", "keyspace blog_20261128"];
    const named = (await inProcess({ "dry-run": true, run: [kept] })).found;
    expect(goes(named)).toHaveLength(5);
    expect(goes(named)).toEqual(expect.arrayContaining([ofKept[0], ofKept[2]]));
    expect(goes((await inProcess({ "dry-run": true, all: true })).found)).toEqual([
      `Glue job ${sparkJob}`,
      `Glue job ${clustersJob}`,
      ...goes(named),
    ]);
    expect(goes((await inProcess({ "dry-run": true, run: [theirs] })).found)).toContain("keyspace blog_20261127");
    await inProcess({ all: true });
    for (const JobName of [sparkJob, clustersJob])
      await expect(aws.glue.send(new GetJobCommand({ JobName }))).rejects.toThrow();
    const left = await inventory();
    expect(left.filter((line) => line.includes("kept"))).toEqual([]);
    expect(left).toEqual(expect.arrayContaining(["keyspace blog_20261126", "keyspace blog_20261127"]));
    expect(left).toEqual(expect.arrayContaining(["model customer-segmentation-shared", "endpoint joes-endpoint"]));
    expect(left.filter((line) => line.startsWith(`object ${prefix}-2/`))).toHaveLength(1);
  });

  test("what a table came to in the last read goes with the table, whichever run has read it", async () => {
    const [first, second] = ["2025-11-20-07-00-00-006", "2025-11-21-07-00-00-007"];
    const client = await connectAs(sessionAs(jane.arn, first));
    await createKeyspace(client, "blog_20261120", { owner: tagsOf(sessionAs(jane.arn))["made-for"]! });
    await createRetailTable(client, { keyspace: "blog_20261120", table: "online_retail" });
    await client.shutdown();
    const noted = (region: string, keyspace: string, file: string) =>
      `${prefix}/clusters/${region}/${keyspace}/online_retail/${file}`;
    const entry = "2010-12-09-net-min_max-k6-91c0e5a2f7.json";
    const lastRead = noted(region, "blog_20261120", "last_read.jsonl.gz");
    const put = (run: string, key: string) => uploadBytes(sessionAs(jane.arn, run), { bucket, key }, "{}");
    await put(first, noted(region, "blog_20261120", entry));
    // Read last by a run that broke off later, and twice by it, which leaves a version that no read goes on from.
    await put(second, lastRead);
    await put(second, lastRead);
    const orphan = noted(region, "blog_20200101", "last_read.jsonl.gz");
    await put(second, orphan);
    const row = (found: Cleaning, key: string) => found.rows.find(({ what }) => what.endsWith(`s3://${bucket}/${key}`));

    const { found } = await inProcess({});
    expect(row(found, lastRead)).toMatchObject({
      goes: false,
      outcome: "stays: its table blog_20261120.online_retail stays, whose next read goes on from it",
    });
    expect(row(found, orphan)).toMatchObject({ goes: true, outcome: "removed" });
    const before = found.rows.filter(({ run, what }) => run === second && what.endsWith(`/${prefix}/clusters/`));
    expect(before).toMatchObject([{ goes: true, outcome: "removed" }]);
    const objects = async () => (await inventory()).filter((line) => line.startsWith("object ")).join("\n");
    expect((await objects()).split(lastRead)).toHaveLength(2);
    expect(await objects()).not.toContain(orphan);
    const session = sessionAs(jane.arn);
    const unconnected = await cleanAccount(
      () => Promise.reject(new Error("no connection")),
      session,
      { bucket, prefix, policies },
      { "dry-run": true, all: true },
    );
    expect(row(unconnected.found, lastRead)?.outcome).toBe("stays: whether its table is there could not be seen");

    await givePolicies("KeyspacesDefine");
    const refused = await inProcess({ run: [first] }).finally(() => givePolicies());
    expect(refused.found.rows.find(({ failed }) => failed)?.what).toBe("keyspace blog_20261120");
    expect(row(refused.found, lastRead)).toMatchObject({
      goes: false,
      outcome: "stays: it is needed by keyspace blog_20261120, and that could not be removed",
    });
    expect(await objects()).toContain(lastRead);
    await put(first, noted(region, "blog_20261120", entry));

    const named = await inProcess({ run: [first] });
    expect(goes(named.found)).toEqual(
      expect.arrayContaining(["keyspace blog_20261120", `1 object in s3://${bucket}/${lastRead}`]),
    );
    expect(await objects()).not.toContain(lastRead);
  });

  test("a run that goes is taken out of the registry in Keyspaces as well, where its keyspace stays", async () => {
    const runs = ["2025-11-18-07-00-00-009", "2025-11-18-08-00-00-010"] as const;
    const at = { keyspace: "blog_20261118", table: "online_retail", bucket, prefix };
    const client = await connectAs(sessionAs(jane.arn, runs[0]));
    await createKeyspace(client, at.keyspace, { owner: tagsOf(sessionAs(jane.arn))["made-for"]! });
    await createResultTables(client, at);
    const ids = ["2010-12-09-net-min_max-k6-91c0e5a2f8", "2010-12-10-net-min_max-k6-91c0e5a2f9"] as const;
    const of = { loads: ["0".repeat(64)], preparation: "net", now: new Date() } as const;
    for (const i of [0, 1] as const)
      await registerRun(client, sessionAs(jane.arn, runs[i]), at, registeredClusters(ids[i]), of);
    await client.shutdown();
    const registered = async () => {
      const { rows } = await admin.execute(`SELECT run_id FROM ${at.keyspace}.known_clusters`);
      return rows.map((row) => row.run_id);
    };
    await inProcess({ "dry-run": true, run: [runs[0]] });
    expect((await registered()).sort()).toEqual(ids);
    const { found, failed } = await inProcess({ run: [runs[0]] });
    expect({ failed, goes: goes(found) }).toEqual({
      failed: false,
      goes: [`1 object in s3://${bucket}/${prefix}/clusters/`],
    });
    expect(await registered()).toEqual([ids[1]]);
    for (const run of runs.toReversed()) await inProcess({ run: [run] });
    expect(await listKeyspaces(admin)).not.toContain(at.keyspace);
  });

  test("takes a run for kept that was kept in another region with the same bucket, and leaves its tables' reads to the clean-up there", async () => {
    const run = "2025-11-19-07-00-00-008";
    const folder = `${prefix}/clusters/ap-south-1/blog_20261119/online_retail/`;
    const files = ["2010-12-09-net-min_max-k6-91c0e5a2f7.json", "last_read.jsonl.gz"].map((file) => `${folder}${file}`);
    for (const key of [...files, `${prefix}/results-far/results/customers.csv`])
      await uploadBytes(sessionAs(jane.arn, run), { bucket, key }, "{}");
    expect(goes((await inProcess({ "dry-run": true })).found)).toEqual([]);
    const { rows } = (await inProcess({ all: true })).found;
    expect(rows.filter((row) => row.run === run).map(({ what, goes, outcome }) => [what, goes, outcome])).toEqual([
      [`1 object in s3://${bucket}/${prefix}/clusters/`, true, "removed"],
      [`1 object in s3://${bucket}/${prefix}/results-far/`, true, "removed"],
      [
        `1 object in s3://${bucket}/${folder}last_read.jsonl.gz`,
        false,
        "stays: its table is in ap-south-1, whose clean-up removes it",
      ],
    ]);
  });
});
