import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { uploadFiles } from "@keyspaces-segmentation/aws-session";
import { uploadEntry } from "@keyspaces-segmentation/cluster-store/dist/registry_objects.js";
import { keepRead } from "@keyspaces-segmentation/invoice-store/dist/last_read.js";
import {
  assignByBatchTransform,
  jobGuards,
  storeModel,
  trainKMeans,
  withEndpoint,
} from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Preflight } from "../../src/preflight.js";
import { readSettings } from "../../src/settings.js";
import { train } from "../../src/train.js";
import { withEnvironment } from "../support/environment.js";
import { usePrinted } from "../support/printed.js";
import { kmsKey, model, trainingRequest, transformRequest } from "../support/sagemaker_requests.js";
import { type ScriptedAws, startScriptedAws } from "../support/scripted_aws.js";
import { sessionOf } from "../support/session.js";

usePrinted();
const volumeKmsKey = "alias/disks";
const place = { bucket: "work-bucket", prefix: "customer-segmentation" };
const output = "12347,0.0,0.5\n12348,1.0,0.25\nguest 1,1.0,0.75\n";

let folder: string;
let service: ScriptedAws;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "encryption-"));
  await writeFile(join(folder, "customers.csv"), "customer_id\n");
  await writeFile(join(folder, "rejects.csv"), "line\n");
});
afterAll(() => rm(folder, { recursive: true }));
withEnvironment(() => ({}));
afterEach(() => service.stop());

/** A service where every job is done, and every endpoint in service until it is deleted. */
async function start(): Promise<void> {
  let deleted = false;
  service = await startScriptedAws(({ operation, path }) => {
    const done = { CreationTime: 1, TrainingEndTime: 2, ModelArtifacts: { S3ModelArtifacts: "s3://b/model.tar.gz" } };
    if (operation === "DescribeTrainingJob") return [200, { TrainingJobStatus: "Completed", ...done }];
    if (operation === "DescribeTransformJob") return [200, { TransformJobStatus: "Completed", ...done }];
    if (operation === "DeleteEndpoint") deleted = true;
    if (operation === "DescribeEndpoint" && deleted) {
      return [400, { __type: "ValidationException", message: "Could not find endpoint" }];
    }
    if (operation === "DescribeEndpoint") return [200, { EndpointStatus: "InService" }];
    if (path.includes("list-type"))
      return [200, "<ListBucketResult><Contents><Key>out.csv</Key></Contents></ListBucketResult>"];
    return [200, operation === "GET" ? output : {}];
  });
  process.env.AWS_ENDPOINT_URL = service.url;
}

/** Everything that the walkthrough has SageMaker do and puts into S3. */
async function runAll(keys: { output?: string; volume?: string }): Promise<void> {
  await start();
  const aws = sessionOf();
  const both = {
    ...(keys.output && { outputKmsKey: keys.output }),
    ...(keys.volume && { volumeKmsKey: keys.volume }),
  };
  await trainKMeans(aws, { ...trainingRequest, testFeatures: trainingRequest.features, instances: 2, ...both });
  await assignByBatchTransform(aws, { ...transformRequest, ...both });
  const hosting = {
    kind: "instance" as const,
    instanceType: "ml.m5.large",
    instances: 3,
    ...(keys.volume && { volumeKmsKey: keys.volume }),
  };
  await withEndpoint(aws, { ...model, hosting }, async () => undefined);
  const files = [join(folder, "customers.csv"), join(folder, "rejects.csv")];
  await uploadFiles(
    aws,
    { bucket: place.bucket, prefix: `${place.prefix}/results/` },
    files,
    keys.output ? { kmsKey: keys.output } : {},
  );
  const registry = { ...place, keyspace: "shop", table: "online_retail", kmsKey: keys.output ?? null };
  await uploadEntry(aws, registry, { runId: "run", text: "{}" });
  await keepRead(aws, registry, { state: { loads: [], failed: [] }, witness: null }, []);
  const to = { bucket: place.bucket, key: "mine/model.tar.gz" };
  await storeModel(aws, to, trainingRequest.features, { kmsKey: keys.output });
}

/** Of every upload: where it went, and with which key. */
const uploads = () =>
  service.requests
    .filter(({ operation }) => operation === "PUT")
    .map(({ path, headers }) => [
      path.split("?")[0]!.replace(/.*\/(input|results|clusters|mine)/, "$1"),
      headers["x-amz-server-side-encryption"],
      headers["x-amz-server-side-encryption-aws-kms-key-id"],
    ]);
const uploaded = [
  "input/train/part-00000.csv",
  "input/train/part-00001.csv",
  "input/test/part-00000.csv",
  "input/part-00000.csv",
  "results/customers.csv",
  "results/rejects.csv",
  "clusters/us-east-1/shop/online_retail/run.json",
  "clusters/us-east-1/shop/online_retail/last_read.jsonl.gz",
  "mine/model.tar.gz",
];

test("the key reaches every object and every output, the other one every disk, and counts stay where they belong", async () => {
  await runAll({ output: kmsKey, volume: volumeKmsKey });
  expect(uploads()).toEqual(uploaded.map((key) => [key, "aws:kms", kmsKey]));
  expect(service.sent("CreateTrainingJob")).toMatchObject([
    { OutputDataConfig: { KmsKeyId: kmsKey }, ResourceConfig: { VolumeKmsKeyId: volumeKmsKey, InstanceCount: 2 } },
  ]);
  expect(service.sent("CreateTransformJob")).toMatchObject([
    {
      TransformOutput: { KmsKeyId: kmsKey },
      TransformResources: { VolumeKmsKeyId: volumeKmsKey, InstanceCount: 1 },
    },
  ]);
  expect(service.sent("CreateEndpointConfig")).toMatchObject([
    { KmsKeyId: volumeKmsKey, ProductionVariants: [{ InitialInstanceCount: 3 }] },
  ]);
});

test("key and network of the notebook's parameters reach the requests for training and batch transform", async () => {
  await start();
  const outside = {
    SEGMENTATION_KMS_KEY: kmsKey,
    SEGMENTATION_SUBNETS: "subnet-1, subnet-2",
    SEGMENTATION_SECURITY_GROUPS: "sg-1",
    SEGMENTATION_NETWORK_ISOLATION: "true",
    SEGMENTATION_ENCRYPT_TRAFFIC: "true",
    SEGMENTATION_K: "2",
  };
  const settings = readSettings({ dataBucket: "data", dataKey: "invoices.csv", reuse: false }, outside);
  const { role, bucket } = trainingRequest;
  const preflight = { role, bucket } as Preflight;
  // The job is done, and its model is none.
  await expect(
    train(sessionOf(), preflight, { scaled: trainingRequest.features, spark: null }, settings),
  ).rejects.toThrow("the model's centroids");
  await assignByBatchTransform(sessionOf(), { ...transformRequest, ...jobGuards(settings.parameters) });
  const network = {
    VpcConfig: { Subnets: ["subnet-1", "subnet-2"], SecurityGroupIds: ["sg-1"] },
    EnableNetworkIsolation: true,
  };
  expect(service.sent("CreateTrainingJob")).toMatchObject([
    {
      ...network,
      EnableInterContainerTrafficEncryption: true,
      OutputDataConfig: { KmsKeyId: kmsKey },
      ResourceConfig: { VolumeKmsKeyId: kmsKey },
    },
  ]);
  expect(service.sent("CreateModel")).toMatchObject([network]);
  expect(service.sent("CreateTransformJob")).toMatchObject([
    { TransformOutput: { KmsKeyId: kmsKey }, TransformResources: { VolumeKmsKeyId: kmsKey } },
  ]);
  expect(uploads().every(([, , key]) => key === kmsKey)).toBe(true);
});

test("disks that an instance type brings along get no key", () => {
  const { parameters } = readSettings(
    { dataBucket: "data", dataKey: "x.csv", kmsKey, instanceType: "ml.m5d.large" },
    {},
  );
  expect(jobGuards(parameters)).toEqual({ outputKmsKey: kmsKey });
});

test("without a key, none is asked for", async () => {
  await runAll({});
  expect(uploads()).toEqual(uploaded.map((key) => [key, undefined, undefined]));
  for (const operation of ["CreateTrainingJob", "CreateTransformJob", "CreateEndpointConfig"]) {
    expect(JSON.stringify(service.sent(operation))).not.toMatch(/KmsKey/);
  }
});
