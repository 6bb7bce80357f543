import { gzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateModelCommand,
  type CreateModelInput,
  CreateTransformJobCommand,
  type CreateTransformJobRequest,
  DeleteModelCommand,
  DescribeModelCommand,
  DescribeTransformJobCommand,
  type DescribeTransformJobResponse,
  ListModelsCommand,
  ListTagsCommand,
  paginateListTransformJobs,
  SageMakerClient,
  StopTransformJobCommand,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startAwsFront } from "@keyspaces-segmentation/aws-local/dist/front.js";
import { packModel } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/model_artifact.js";
import { pack } from "tar-stream";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";
import { untilOver } from "../../../../test/support/job_end.js";

const Bucket = "transform-test";
const ExecutionRoleArn = "arn:aws:iam::123456789012:role/LocalDataScientist";
const Image = "438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1";
const ModelDataUrl = `s3://${Bucket}/models/good.tar.gz`;
let aws: RunningAws;
const put = (Key: string, Body: string | Uint8Array) => aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

beforeAll(async () => {
  aws = await startAws();
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  // Centroids (0, 0) and (3, 8).
  await put("models/good.tar.gz", await packModel({ values: Float64Array.of(0, 0, 3, 8), rows: 2, columns: 2 }));
  await model("good", ModelDataUrl);
  await put("csv/a.csv", "0,4\n3,7\n");
  await put("csv/more/b.csv", "0,0\n");
  await put("ids/customers.csv", '"Smith, A",0,4\nc-2,3,7\n');
  await put("mixed/bad.csv", "x,y\n0,4\n");
  await put("mixed/good.csv", "0,4\n");
  await put("lines/data.jsonl", '{"id":1,"features":[0,4]}\n{"id":2,"features":[3,7]}\n');
  await put("json/data.json", '{"instances":[{"features":[0,4]}],"note":"n"}');
  await put("zip/a.csv.gz", gzipSync("0,4\n3,7\n"));
});
afterAll(() => aws?.stop());

const model = (ModelName: string, url: string, more: Partial<CreateModelInput> = {}) =>
  aws.sageMaker.send(
    new CreateModelCommand({
      ModelName,
      ExecutionRoleArn,
      PrimaryContainer: { Image, ModelDataUrl: url },
      ...more,
    }),
  );

let jobs = 0;
function request(folder: string, more: Partial<CreateTransformJobRequest> = {}): CreateTransformJobRequest {
  jobs += 1;
  return {
    TransformJobName: `transform-${jobs}`,
    ModelName: "good",
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${Bucket}/${folder}` } },
      ContentType: "text/csv",
      SplitType: "Line",
    },
    TransformOutput: { S3OutputPath: `s3://${Bucket}/out-${jobs}`, Accept: "text/csv", AssembleWith: "Line" },
    TransformResources: { InstanceType: "ml.m5.large", InstanceCount: 1 },
    ...more,
  };
}
const create = (wanted: CreateTransformJobRequest, client = aws.sageMaker) =>
  client.send(new CreateTransformJobCommand(wanted));

function over(TransformJobName: string, client = aws.sageMaker): Promise<DescribeTransformJobResponse> {
  return untilOver(
    TransformJobName,
    () => client.send(new DescribeTransformJobCommand({ TransformJobName })),
    ({ TransformJobStatus }) => TransformJobStatus,
  );
}
async function run(wanted: CreateTransformJobRequest): Promise<DescribeTransformJobResponse> {
  await create(wanted);
  return over(wanted.TransformJobName!);
}
/** The objects that a job has written, by the part of their key below the output path. */
async function outputsOf({ TransformOutput }: CreateTransformJobRequest): Promise<Record<string, string>> {
  const Prefix = `${TransformOutput!.S3OutputPath!.slice(`s3://${Bucket}/`.length)}/`;
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const outputs: Record<string, string> = {};
  for (const { Key = "" } of Contents) {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
    outputs[Key.slice(Prefix.length)] = await Body!.transformToString();
  }
  return outputs;
}

describe("a model", () => {
  test("is made of an image and its data, described, listed, tagged and deleted", async () => {
    const Tags = [{ Key: "a", Value: "b" }];
    const { ModelArn } = await model("listed-1", ModelDataUrl, { Tags, EnableNetworkIsolation: true });
    expect(ModelArn).toBe(`arn:aws:sagemaker:${region}:123456789012:model/listed-1`);
    const described = await aws.sageMaker.send(new DescribeModelCommand({ ModelName: "listed-1" }));
    expect(described).toMatchObject({
      ModelName: "listed-1",
      ModelArn,
      ExecutionRoleArn,
      PrimaryContainer: { Image, ModelDataUrl },
      EnableNetworkIsolation: true,
      CreationTime: expect.any(Date),
    });
    const { Models } = await aws.sageMaker.send(new ListModelsCommand({ NameContains: "listed" }));
    expect(Models?.map((each) => each.ModelName)).toEqual(["listed-1"]);
    expect((await aws.sageMaker.send(new ListTagsCommand({ ResourceArn: ModelArn }))).Tags).toEqual(Tags);
    await aws.sageMaker.send(new DeleteModelCommand({ ModelName: "listed-1" }));
    const gone = { name: "ValidationException", message: `Could not find model "${ModelArn}".` };
    await expect(aws.sageMaker.send(new DescribeModelCommand({ ModelName: "listed-1" }))).rejects.toMatchObject(gone);
    await expect(aws.sageMaker.send(new DeleteModelCommand({ ModelName: "listed-1" }))).rejects.toMatchObject(gone);
  });

  test("is refused where its data are not there, its name is taken, or its image is another", async () => {
    await expect(model("none", `s3://${Bucket}/models/none.tar.gz`)).rejects.toMatchObject({
      name: "ValidationException",
      message: `Could not find model data at s3://${Bucket}/models/none.tar.gz.`,
    });
    await expect(model("good", ModelDataUrl)).rejects.toMatchObject({
      name: "ValidationException",
      message: `Cannot create already existing model "arn:aws:sagemaker:${region}:123456789012:model/good".`,
    });
    await expect(model("x_y", ModelDataUrl)).rejects.toMatchObject({
      message: expect.stringMatching(/'x_y' at 'modelName'/),
    });
    const PrimaryContainer = { Image: "mine:1", ModelDataUrl };
    await expect(model("other", ModelDataUrl, { PrimaryContainer })).rejects.toMatchObject({
      name: "NotEmulatedException",
      message: "Image 'mine:1' is not emulated.",
    });
  });
});

describe("a transform job", () => {
  test("writes cluster and distance of every record, an object for an object", async () => {
    const wanted = request("csv/", { Tags: [{ Key: "a", Value: "b" }] });
    const { TransformJobArn } = await create(wanted);
    const { Tags: _, ...echoed } = wanted;
    const early = await aws.sageMaker.send(
      new DescribeTransformJobCommand({ TransformJobName: wanted.TransformJobName }),
    );
    expect(early).toMatchObject({ TransformJobStatus: "InProgress" });
    const job = await over(wanted.TransformJobName!);
    expect(job).toMatchObject({
      ...echoed,
      TransformJobArn,
      TransformJobStatus: "Completed",
      DataProcessing: { InputFilter: "$", OutputFilter: "$", JoinSource: "None" },
      TransformStartTime: expect.any(Date),
      TransformEndTime: expect.any(Date),
    });
    expect(job.FailureReason).toBeUndefined();
    expect(await outputsOf(wanted)).toEqual({ "a.csv.out": "0.0,4.0\n1.0,1.0\n", "more/b.csv.out": "0.0,0.0\n" });
  });

  test("carries an id along that the model never sees", async () => {
    const DataProcessing = { InputFilter: "$[1:]", JoinSource: "Input" as const, OutputFilter: "$[0,-2,-1]" };
    const wanted = request("ids/", { DataProcessing });
    expect(await run(wanted)).toMatchObject({ TransformJobStatus: "Completed", DataProcessing });
    expect(await outputsOf(wanted)).toEqual({ "customers.csv.out": '"Smith, A",0.0,4.0\nc-2,1.0,1.0\n' });
  });

  test("sends one record at a time where that is asked for, with the same result", async () => {
    const DataProcessing = { InputFilter: "$[1:]", JoinSource: "Input" as const };
    const wanted = request("ids/", { DataProcessing, BatchStrategy: "SingleRecord" });
    await run(wanted);
    expect(await outputsOf(wanted)).toEqual({ "customers.csv.out": '"Smith, A",0,4,0.0,4.0\nc-2,3,7,1.0,1.0\n' });
  });

  test("joins JSON Lines under SageMakerOutput", async () => {
    const wanted = request("lines/", {
      DataProcessing: { JoinSource: "Input", OutputFilter: "$['id','SageMakerOutput']" },
    });
    wanted.TransformInput!.ContentType = "application/jsonlines";
    wanted.TransformOutput!.Accept = "application/jsonlines";
    expect(await run(wanted)).toMatchObject({ TransformJobStatus: "Completed" });
    const { "data.jsonl.out": text = "" } = await outputsOf(wanted);
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { id: 1, SageMakerOutput: { closest_cluster: 0, distance_to_cluster: 4 } },
      { id: 2, SageMakerOutput: { closest_cluster: 1, distance_to_cluster: 1 } },
    ]);
  });

  test("takes a whole object where it is not split, and joins it as one", async () => {
    const wanted = request("json/", {
      DataProcessing: { JoinSource: "Input", OutputFilter: "$['note','SageMakerOutput']" },
    });
    wanted.TransformInput = { ...wanted.TransformInput!, ContentType: "application/json", SplitType: "None" };
    wanted.TransformOutput = { ...wanted.TransformOutput!, Accept: "application/json", AssembleWith: "None" };
    await run(wanted);
    const { "data.json.out": text = "" } = await outputsOf(wanted);
    expect(JSON.parse(text)).toEqual({
      note: "n",
      SageMakerOutput: { predictions: [{ closest_cluster: 0, distance_to_cluster: 4 }] },
    });
  });

  test("takes RecordIO apart by its frames, and answers in kind", async () => {
    // Features (0, 4) and (3, 7).
    const record = (features: string) =>
      Buffer.from(`0a23d7ce180000000a160a0676616c756573120c120a0a08${features}`, "hex");
    await put("frames/a.pbr", Buffer.concat([record("0000000000008040"), record("000040400000e040")]));
    for (const BatchStrategy of ["MultiRecord", "SingleRecord"] as const) {
      const wanted = request("frames/", { BatchStrategy });
      wanted.TransformInput = {
        ...wanted.TransformInput!,
        ContentType: "application/x-recordio-protobuf",
        SplitType: "RecordIO",
      };
      wanted.TransformOutput!.Accept = "application/jsonlines";
      await run(wanted);
      expect(await outputsOf(wanted)).toEqual({
        "a.pbr.out":
          '{"closest_cluster": 0.0, "distance_to_cluster": 4.0}\n{"closest_cluster": 1.0, "distance_to_cluster": 1.0}\n',
      });
    }
  });

  test("unpacks gzip, encrypts what it writes, and answers JSON Lines to CSV", async () => {
    const wanted = request("zip/");
    wanted.TransformInput!.CompressionType = "Gzip";
    wanted.TransformOutput = { ...wanted.TransformOutput!, Accept: "application/jsonlines", KmsKeyId: "alias/mine" };
    await run(wanted);
    expect(await outputsOf(wanted)).toEqual({
      "a.csv.gz.out":
        '{"closest_cluster": 0.0, "distance_to_cluster": 4.0}\n{"closest_cluster": 1.0, "distance_to_cluster": 1.0}\n',
    });
    const Key = `out-${jobs}/a.csv.gz.out`;
    expect(await aws.s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ServerSideEncryption: "aws:kms",
    });
  });

  test("with a bad record fails, without an output for its object, and keeps the others'", async () => {
    const wanted = request("mixed/");
    expect(await run(wanted)).toMatchObject({
      TransformJobStatus: "Failed",
      FailureReason: "ClientError: See job logs for more information",
    });
    expect(await outputsOf(wanted)).toEqual({ "good.csv.out": "0.0,4.0\n" });
  });

  test.each<[what: string, more: () => CreateTransformJobRequest]>([
    ["an index outside the row", () => request("csv/", { DataProcessing: { InputFilter: "$[5]" } })],
    [
      "an output of another kind to join",
      () => {
        const wanted = request("csv/", { DataProcessing: { JoinSource: "Input" } });
        wanted.TransformOutput!.Accept = "application/jsonlines";
        return wanted;
      },
    ],
    ["a record larger than a request may be", () => request("large/", { MaxPayloadInMB: 1 })],
  ])("%s fails it", async (_what, more) => {
    await put("large/a.csv", `${"1".repeat(2 ** 20)},1\n`);
    const wanted = more();
    expect(await run(wanted)).toMatchObject({
      TransformJobStatus: "Failed",
      FailureReason: expect.stringMatching(/^ClientError/),
    });
    expect(await outputsOf(wanted)).toEqual({});
  });

  test.each<[what: string, archive: () => Promise<Uint8Array> | Uint8Array]>([
    ["no archive", () => Buffer.from("no gzip")],
    ["gzip that is no archive", () => gzipSync("no tar")],
    ["an archive without model_algo-1", () => archiveOf("kmeans-model", Buffer.from("x"))],
    ["a model that is none", () => archiveOf("model_algo-1", Buffer.from("x"))],
  ])("with %s for a model fails", async (_what, archive) => {
    const name = `broken-${jobs}`;
    await put(`models/${name}.tar.gz`, await archive());
    await model(name, `s3://${Bucket}/models/${name}.tar.gz`);
    expect(await run(request("csv/", { ModelName: name }))).toMatchObject({
      TransformJobStatus: "Failed",
      FailureReason: "AlgorithmError: See job logs for more information",
    });
  });

  test("is stopped on request", async () => {
    const front = await startAwsFront({ region, identities: [aws.identity], moto: aws.moto, trainingPace: 300 });
    const client = new SageMakerClient({ ...aws.settings(), endpoint: front.url });
    const wanted = request("csv/");
    const { TransformJobName } = wanted;
    await client.send(
      new CreateModelCommand({ ModelName: "good", ExecutionRoleArn, PrimaryContainer: { Image, ModelDataUrl } }),
    );
    await create(wanted, client);
    await client.send(new StopTransformJobCommand({ TransformJobName }));
    const { TransformJobStatus } = await client.send(new DescribeTransformJobCommand({ TransformJobName }));
    expect(TransformJobStatus).toBe("Stopping");
    expect(await over(TransformJobName!, client)).toMatchObject({ TransformJobStatus: "Stopped" });
    expect(await outputsOf(wanted)).toEqual({});
    await expect(client.send(new StopTransformJobCommand({ TransformJobName }))).rejects.toMatchObject({
      name: "ValidationException",
    });
    client.destroy();
    await front.close();
  });

  test("keeps its name, and is listed", async () => {
    const wanted = request("csv/", { TransformJobName: "listed-transform" });
    const { TransformJobArn } = await run(wanted);
    await expect(create(wanted)).rejects.toMatchObject({
      name: "ResourceInUse",
      message: `Job name must be unique within an AWS account and region, and a job with this name already exists (${TransformJobArn})`,
    });
    const found: (string | undefined)[] = [];
    const pages = paginateListTransformJobs({ client: aws.sageMaker }, { NameContains: "listed-tr" });
    for await (const page of pages)
      for (const job of page.TransformJobSummaries ?? []) found.push(job.TransformJobName);
    expect(found).toEqual(["listed-transform"]);
  });

  test("that nobody created is not found", async () => {
    const unknown = aws.sageMaker.send(new DescribeTransformJobCommand({ TransformJobName: "nobody" }));
    await expect(unknown).rejects.toMatchObject({
      name: "ValidationException",
      message: "Could not find requested job with name: nobody",
    });
  });

  test.each<[what: string, more: Partial<CreateTransformJobRequest>, failure: object]>([
    [
      "a model that nobody made",
      { ModelName: "nobody" },
      { name: "ValidationException", message: /Could not find model/ },
    ],
    ["a filter that is none", { DataProcessing: { InputFilter: "$[*]" } }, { message: /^Invalid JSONPath/ }],
    ["too much at once", { MaxPayloadInMB: 50, MaxConcurrentTransforms: 3 }, { message: /must not exceed 100 MB/ }],
    ["no limit of the payload", { MaxPayloadInMB: 0 }, { name: "NotEmulatedException" }],
    [
      "data capture",
      { DataCaptureConfig: { DestinationS3Uri: "s3://b/c" } },
      { name: "NotEmulatedException", message: "Member 'DataCaptureConfig' is not emulated." },
    ],
  ])("with %s is refused", async (_what, more, failure) => {
    const { message, ...rest } = failure as { message?: RegExp | string };
    const expected = { ...rest, ...(message && { message: expect.stringMatching(message) }) };
    await expect(create(request("csv/", more))).rejects.toMatchObject(expected);
  });

  test("without input objects is refused", async () => {
    await expect(create(request("empty/"))).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(/^No S3 objects found under S3 URL "s3:\/\/transform-test\/empty\/"/),
    });
  });
});

async function archiveOf(name: string, content: Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}
