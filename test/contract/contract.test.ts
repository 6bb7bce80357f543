/**
 * What the walkthrough relies on in AWS, tried on the stand-in or, with `AWS=1`, on an account: see `infra/README.md` for what it makes
 * there, what that costs, and which role it needs.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import {
  AddTagsCommand,
  CreateEndpointConfigCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { cleanAccount } from "@keyspaces-segmentation/aws-cleanup";
import {
  type AwsSession,
  ensureBucket,
  findExecutionRole,
  listObjects,
  readObject,
  signIn,
  tagsOf,
  uploadBytes,
} from "@keyspaces-segmentation/aws-session";
import { objectMetadata } from "@keyspaces-segmentation/aws-session/dist/tags.js";
import { createKeyspace, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import {
  connectToKeyspaces,
  createTable,
  type KeyspacesClient,
  markedTags,
  readRows,
} from "@keyspaces-segmentation/keyspaces-bulk";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { fetchModel, trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans";
import { planTraining } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { types } from "cassandra-driver";
import { readSettings } from "../../src/settings.js";
import { targetIn } from "./target.js";

const target = targetIn(process.env);
const id = randomBytes(4).toString("hex");
const run = `contract-${id}`;
const keyspace = `blog_contract_${id}`;
const table = "lines";
const definition = { columns: { k: "text", c: "int", v: "decimal" }, primaryKey: "(k), c" };

let aws: AwsSession;
let db: KeyspacesClient;
let s3: S3Client;
let sageMaker: SageMakerClient;
let bucket: string;
let prefix: string;
let folder: string;
let role: string;
const settings = () => readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });

beforeAll(async () => {
  const { parameters } = settings();
  aws = await signIn({ region: null, accessRole: parameters.accessRole, run });
  db = await connectToKeyspaces(aws, settings());
  ({ name: bucket } = await ensureBucket(aws, parameters.bucket));
  role = (await findExecutionRole(aws, parameters.executionRole)).arn;
  prefix = parameters.prefix;
  folder = `${prefix}/${run}`;
  const { region } = aws;
  const credentials = () => aws.credentials();
  s3 = new S3Client({ region, credentials, forcePathStyle: true });
  sageMaker = new SageMakerClient({ region, credentials });
});
const clean = (options: Record<string, unknown>) => {
  const account = { bucket, prefix, policies: join(ROOT, "infra", "iam") };
  return cleanAccount(() => connectToKeyspaces(aws, settings()), aws, account, { run: [run], ...options });
};
afterAll(async () => {
  await db?.shutdown();
  // Whatever has failed: a second time there is nothing left, which it says by an error.
  if (aws) await clean({}).catch(() => undefined);
  s3?.destroy();
  sageMaker?.destroy();
});

/** That it was refused, and, where the words are ours, in which. */
const refusedBy = (name: string | RegExp, words: RegExp) =>
  expect.objectContaining({
    name: expect.stringMatching(name),
    ...(target.hasOurWords && { message: expect.stringMatching(words) }),
  });

describe(`identity, in ${target.name}`, () => {
  test("STS says who signs", async () => {
    const sts = new STSClient({ region: aws.region, credentials: () => aws.credentials() });
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand());
    sts.destroy();
    expect(Account).toMatch(/^\d{12}$/);
    expect(Arn).toContain(`:${Account}:`);
  });

  test("Keyspaces takes no signature of a wrong secret", async () => {
    const { accessKeyId, sessionToken } = await aws.credentials();
    const wrong = { accessKeyId, secretAccessKey: "w".repeat(40), ...(sessionToken && { sessionToken }) };
    const impostor = { ...aws, credentials: async () => wrong };
    await expect(connectToKeyspaces(impostor, settings())).rejects.toThrow("Could not connect to Amazon Keyspaces");
  });

  test("the partitioner is one that token ranges are known of", async () => {
    const [row] = await readRows(db, "SELECT partitioner FROM system.local", []);
    expect(String(row?.partitioner)).toMatch(/(Murmur3|Random|Default)Partitioner$/);
  });
});

describe(`Keyspaces, in ${target.name}`, () => {
  test("a keyspace and a table come to be there, with their tags", async () => {
    await createKeyspace(db, keyspace, { owner: tagsOf(aws)["made-for"]! });
    expect(await createTable(db, { keyspace, table }, definition)).toMatchObject({ created: true });
    expect(await listKeyspaces(db)).toContain(keyspace);
    const own = { "made-by": "keyspaces-segmentation", "keyspaces-segmentation:run": run };
    expect(await markedTags(db, { keyspace })).toMatchObject(own);
    expect(await markedTags(db, { keyspace, table })).toMatchObject(own);
    expect(await createTable(db, { keyspace, table }, definition)).toMatchObject({ created: false });
  });

  test("rows are written by prepared statements in batches, and read back page by page", async () => {
    const insert = `INSERT INTO ${keyspace}.${table} (k, c, v) VALUES (?, ?, ?)`;
    const price = types.BigDecimal.fromString("12.50");
    await db.execute(insert, ["a", 0, price], { prepare: true });
    const rows = Array.from({ length: 24 }, (_, i) => ({ query: insert, params: ["a", i + 1, price] }));
    await db.batch(rows, { prepare: true, logged: false });
    const select = `SELECT c, v FROM ${keyspace}.${table} WHERE k = ?`;
    const first = await db.execute(select, ["a"], { prepare: true, fetchSize: 10 });
    expect(first.rows.length).toBeLessThanOrEqual(10);
    expect(first.pageState).toBeTruthy();
    const all = await readRows(db, select, ["a"]);
    expect(all.map((row) => row.c)).toEqual(Array.from({ length: 25 }, (_, i) => i));
    expect(String(all[0]?.v)).toBe("12.50");
    await db.execute(`DELETE FROM ${keyspace}.${table} WHERE k = ? AND c = ?`, ["a", 24], { prepare: true });
    expect(await readRows(db, select, ["a"])).toHaveLength(24);
  });

  test.each<[string, string, RegExp]>([
    ["TRUNCATE", "TRUNCATE ks.lines", /TRUNCATE/],
    [
      "a materialised view",
      "CREATE MATERIALIZED VIEW ks.by_c AS SELECT * FROM ks.lines WHERE c IS NOT NULL AND k IS NOT NULL PRIMARY KEY (c, k)",
      /VIEW/,
    ],
    ["an index", "CREATE INDEX ON ks.lines (v)", /INDEX/],
    [
      "a function",
      "CREATE FUNCTION ks.f(a int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS 'return a;'",
      /FUNCTION/,
    ],
    ["a column dropped", "ALTER TABLE ks.lines DROP v", /DROP/],
    ["an aggregate", "SELECT avg(c) FROM ks.lines", /avg/],
    ["GROUP BY", "SELECT k FROM ks.lines GROUP BY k", /GROUP BY/],
    [
      "another replication",
      "CREATE KEYSPACE blog_no WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
      /SimpleStrategy/,
    ],
    ["a time to live that the table has not", "INSERT INTO ks.lines (k, c) VALUES ('x', 1) USING TTL 10", /TTL/],
    ["a table that is not there", "SELECT * FROM ks.nothing", /nothing/],
  ])("%s is refused", async (_, cql, words) => {
    const statement = cql.replaceAll("ks.", `${keyspace}.`);
    await expect(db.execute(statement, [], { prepare: false })).rejects.toEqual(refusedBy("ResponseError", words));
  });

  test("writes at other consistencies than LOCAL_QUORUM are refused, and reads at QUORUM", async () => {
    const write = `INSERT INTO ${keyspace}.${table} (k, c) VALUES ('x', 1)`;
    const at = (consistency: number) => ({ prepare: false, consistency });
    const words = /Consistency level/;
    const { localOne, quorum } = types.consistencies;
    await expect(db.execute(write, [], at(localOne))).rejects.toEqual(refusedBy("ResponseError", words));
    const read = `SELECT k FROM ${keyspace}.${table}`;
    await expect(db.execute(read, [], at(quorum))).rejects.toEqual(refusedBy("ResponseError", words));
    await db.execute(read, [], at(localOne));
  });

  test("more than 30 statements in an unlogged batch are refused", async () => {
    const query = `INSERT INTO ${keyspace}.${table} (k, c) VALUES (?, ?)`;
    const rows = Array.from({ length: 31 }, (_, i) => ({ query, params: ["many", i] }));
    const refusal = db.batch(rows, { prepare: true, logged: false });
    await expect(refusal).rejects.toEqual(refusedBy("ResponseError", /30/));
  });
});

describe(`S3, in ${target.name}`, () => {
  test("an object is stored, listed, read, and says which run has made it", async () => {
    const key = `${folder}/results/a.csv`;
    await uploadBytes(aws, { bucket, key }, "a,b\n");
    expect(await listObjects(aws, { bucket, prefix: `${folder}/` })).toEqual([key]);
    expect(Buffer.from(await readObject(aws, { bucket, key })).toString()).toBe("a,b\n");
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    expect(Metadata).toEqual(objectMetadata(aws));
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
    expect(Versions).toHaveLength(1);
    await expect(readObject(aws, { bucket, key: `${key}.no` })).rejects.toThrow("NoSuchKey");
  });

  test("an upload in parts becomes an object once it is completed, and can be given up", async () => {
    const [Key, other] = [`${folder}/results/parts.bin`, `${folder}/results/given_up.bin`];
    const begin = (key: string) =>
      s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, Metadata: objectMetadata(aws) }));
    const { UploadId } = await begin(Key);
    const Parts = [];
    for (const [index, Body] of [Buffer.alloc(5 << 20), Buffer.from("end")].entries()) {
      const part = { Bucket: bucket, Key, UploadId, PartNumber: index + 1, Body };
      const { ETag } = await s3.send(new UploadPartCommand(part));
      Parts.push({ ETag, PartNumber: index + 1 });
    }
    const whole = { Bucket: bucket, Key, UploadId, MultipartUpload: { Parts } };
    await s3.send(new CompleteMultipartUploadCommand(whole));
    const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    expect(ContentLength).toBe((5 << 20) + 3);
    const { UploadId: left } = await begin(other);
    await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: other, UploadId: left }));
    await expect(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: other }))).rejects.toThrow();
  });
});

const features = matrixOf([
  [0, 0, 0],
  [0, 0.1, 0],
  [1, 1, 1],
  [1, 0.9, 1],
]);
const request = () => ({
  features,
  k: 2,
  role,
  bucket,
  prefix,
  instanceType: "ml.m5.large",
  maxRuntimeSeconds: 900,
  tags: tagsOf(aws),
});

describe(`SageMaker, in ${target.name}`, () => {
  const invalid = /^(ValidationException|AccessDeniedException)$/;
  type Change = (input: CreateTrainingJobRequest) => Partial<CreateTrainingJobRequest>;
  test.each<[string, RegExp, Change]>([
    ["a name with an underscore", /trainingJobName/i, () => ({ TrainingJobName: "customer-segmentation_x" })],
    [
      "no instance",
      /instanceCount/i,
      ({ ResourceConfig }) => ({ ResourceConfig: { ...ResourceConfig!, InstanceCount: 0 } }),
    ],
    [
      "an instance type that there is not",
      /instanceType/i,
      ({ ResourceConfig }) => ({ ResourceConfig: { ...ResourceConfig!, InstanceType: "ml.none.large" as never } }),
    ],
    ["a role that there is not", /assume role/, () => ({ RoleArn: `arn:aws:iam::${aws.account}:role/none-${id}` })],
    ["a place in S3 that is none", /s3OutputPath/i, () => ({ OutputDataConfig: { S3OutputPath: "my-bucket" } })],
  ])("a training with %s is refused before it costs anything", async (_, words, change) => {
    const { input } = planTraining(request(), { region: aws.region, now: new Date() });
    const sent = sageMaker.send(new CreateTrainingJobCommand({ ...input, ...change(input) }));
    await expect(sent).rejects.toEqual(refusedBy(invalid, words));
  });

  test("what is not there is told of by name", async () => {
    const TrainingJobName = `customer-segmentation-none-${id}`;
    const described = sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    await expect(described).rejects.toEqual(expect.objectContaining({ name: "ValidationException" }));
    const variant = {
      VariantName: "a",
      ModelName: TrainingJobName,
      ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 },
    };
    const config = { EndpointConfigName: TrainingJobName, ProductionVariants: [variant] };
    await expect(sageMaker.send(new CreateEndpointConfigCommand(config))).rejects.toThrow();
    const runtime = new SageMakerRuntimeClient({ region: aws.region, credentials: () => aws.credentials() });
    const asked = runtime.send(new InvokeEndpointCommand({ EndpointName: TrainingJobName, Body: "1,2,3" }));
    await expect(asked).rejects.toThrow();
    runtime.destroy();
  });

  test("trainings are listed in pages of at most a hundred", async () => {
    const { TrainingJobSummaries } = await sageMaker.send(new ListTrainingJobsCommand({ MaxResults: 1 }));
    expect(TrainingJobSummaries!.length).toBeLessThanOrEqual(1);
    await expect(sageMaker.send(new ListTrainingJobsCommand({ MaxResults: 101 }))).rejects.toThrow();
  });

  (target.trains ? test : test.skip)("a training makes a model, and bears its tags", async () => {
    const { arn, modelUri } = await trainKMeans(aws, request());
    expect((await fetchModel(aws, modelUri)).rows).toBe(2);
    const tagsAt = async () => {
      const { Tags = [] } = await sageMaker.send(new ListTagsCommand({ ResourceArn: arn }));
      return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    };
    expect(await tagsAt()).toEqual(tagsOf(aws));
    const Tags = [
      { Key: "made-by", Value: "keyspaces-segmentation" },
      { Key: "contract", Value: "kept" },
    ];
    await sageMaker.send(new AddTagsCommand({ ResourceArn: arn, Tags }));
    expect(await tagsAt()).toMatchObject({ contract: "kept" });
  });
});

test(`all of it goes again, from ${target.name}`, async () => {
  const { failed, found } = await clean({});
  expect({ failed, unseen: found.unseen }).toEqual({ failed: false, unseen: [] });
  expect(await listKeyspaces(db)).not.toContain(keyspace);
  expect(await listObjects(aws, { bucket, prefix: `${folder}/` })).toEqual([]);
  await expect(clean({ "dry-run": true })).rejects.toThrow("it has left nothing");
});
