import { afterEach, describe, expect, test } from "@jest/globals";
import { assignByBatchTransform } from "@keyspaces-segmentation/sagemaker-kmeans/dist/batch_transform.js";
import { transformJobInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/transform_request.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { useQuickPauses } from "../../../test/support/quick_pauses.js";
import { transformRequest as request } from "../../../test/support/sagemaker_requests.js";
import { type ScriptedAnswer, type ScriptedAws, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

const job = "customer-segmentation-2026-03-04-05-06-07-089";
const now = () => new Date("2026-03-04T05:06:07.089Z");
const folder = `customer-segmentation/${job}`;
const described = (TransformJobStatus: string, more: object = {}): ScriptedAnswer => [
  200,
  { TransformJobName: job, TransformJobStatus, CreationTime: 1_772_600_767, ...more },
];
const listing = (...keys: string[]) =>
  `<ListBucketResult><KeyCount>${keys.length}</KeyCount><IsTruncated>false</IsTruncated>` +
  `${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("")}</ListBucketResult>`;

let aws: ScriptedAws | undefined;
withEnvironment(() => ({}));
useQuickPauses();
afterEach(() => aws?.stop());

const outputs: Record<string, string> = {
  [`${folder}/output/deeper/part-00000.csv.out`]: "guest 1,1.0,0.75\n12347,0.0,0.5\n",
  [`${folder}/output/part-00001.csv.out`]: "12348,1.0,0.25\n",
};

/** Answers of each operation, one a call, the last one for ever. */
async function startAnswering(script: Record<string, ScriptedAnswer[]>) {
  const answers: Record<string, ScriptedAnswer[]> = {
    CreateModel: [[200, { ModelArn: "arn" }]],
    CreateTransformJob: [[200, { TransformJobArn: "arn" }]],
    DescribeTransformJob: [described("Completed")],
    StopTransformJob: [[200, {}]],
    DeleteModel: [[200, {}]],
    ...script,
  };
  aws = await startScriptedAws(({ operation, path }) => {
    if (operation === "GET" && path.includes("list-type")) return [200, listing(...Object.keys(outputs))];
    if (operation === "GET") return [200, outputs[path.split("?")[0]!.replace("/work-bucket/", "")] ?? ""];
    const left = answers[operation] ?? [];
    return (left.length > 1 ? left.shift() : left[0]) ?? [500, {}];
  });
  process.env.AWS_ENDPOINT_URL = aws.url;
  return aws;
}

const operations = (service: ScriptedAws) => [...new Set(service.requests.map(({ operation }) => operation))];

describe("a batch transform", () => {
  test("is given customers and model, followed, read, and its model is deleted", async () => {
    const service = await startAnswering({
      DescribeTransformJob: [described("InProgress"), described("Completed")],
    });
    const told: string[] = [];
    const assigned = await assignByBatchTransform(sessionOf(), request, {
      now,
      onStatus: ({ status }) => told.push(status),
    });
    expect(assigned).toEqual([
      { customerId: "12347", cluster: 0, distance: 0.5 },
      { customerId: "12348", cluster: 1, distance: 0.25 },
      { customerId: "guest 1", cluster: 1, distance: 0.75 },
    ]);
    expect(told).toEqual(["InProgress", "Completed"]);
    expect(operations(service)).toEqual([
      "PUT",
      "CreateModel",
      "CreateTransformJob",
      "DescribeTransformJob",
      "GET",
      "DeleteModel",
    ]);
    expect(service.requests[0]).toMatchObject({
      path: expect.stringContaining(`/work-bucket/${folder}/input/part-00000.csv`),
      body: expect.stringContaining("12347,0,0.5,1\n12348,0.25,0,0\nguest 1,1,1,1e-7\n"),
    });
    expect(service.sent("CreateModel")).toEqual([expect.objectContaining({ ModelName: job })]);
    expect(service.sent("DeleteModel")).toEqual([{ ModelName: job }]);
  });

  test("of several instances gets an object for each", async () => {
    const service = await startAnswering({});
    await assignByBatchTransform(sessionOf(), { ...request, instances: 2 }, { now });
    const uploads = service.requests.filter(({ operation }) => operation === "PUT");
    expect(uploads.map(({ path }) => /part-\d+/.exec(path)?.[0])).toEqual(["part-00000", "part-00001"]);
  });

  test("that fails says why in one line, and leaves no model", async () => {
    const service = await startAnswering({
      DescribeTransformJob: [described("Failed", { FailureReason: "AlgorithmError:\n see log" })],
    });
    await expect(assignByBatchTransform(sessionOf(), request, { now })).rejects.toMatchObject({
      message: `Could not complete the transform job ${job}: it failed: AlgorithmError: see log.`,
      hint: expect.stringContaining("/aws/sagemaker/TransformJobs"),
    });
    expect(service.sent("DeleteModel")).toEqual([{ ModelName: job }]);
  });

  test("that is interrupted is stopped, and leaves no model", async () => {
    const service = await startAnswering({
      DescribeTransformJob: [described("InProgress"), described("Stopping")],
    });
    const controller = new AbortController();
    const options = { now, signal: controller.signal, onStatus: () => controller.abort() };
    await expect(assignByBatchTransform(sessionOf(), request, options)).rejects.toMatchObject({
      message: `Could not wait for the transform job ${job}: the wait was interrupted.`,
      hint: "It is being stopped.",
    });
    expect(service.sent("StopTransformJob")).toEqual([{ TransformJobName: job }]);
    expect(service.sent("DeleteModel")).toEqual([{ ModelName: job }]);
  });

  test("that takes too long is stopped: nothing else would", async () => {
    const service = await startAnswering({
      DescribeTransformJob: [described("InProgress"), described("InProgress"), described("Stopped")],
    });
    await expect(assignByBatchTransform(sessionOf(), request, { now, deadlineMs: 100 })).rejects.toMatchObject({
      message: expect.stringContaining("gave up after 0 s, last seen: InProgress"),
      hint: "It has ended as Stopped.",
    });
    expect(service.sent("StopTransformJob")).toHaveLength(1);
  });

  test("that cannot be started leaves no model", async () => {
    const limit = { __type: "ResourceLimitExceeded", message: "The account-level service limit is 0 Instances." };
    const service = await startAnswering({ CreateTransformJob: [[400, limit]] });
    await expect(assignByBatchTransform(sessionOf(), request, { now })).rejects.toMatchObject({
      message: expect.stringContaining(`Could not start the transform job ${job}: ResourceLimitExceeded`),
      hint: expect.stringContaining("Service Quotas"),
    });
    expect(service.sent("DeleteModel")).toEqual([{ ModelName: job }]);
  });

  test("waits for its model to become visible", async () => {
    const unseen = {
      __type: "ValidationException",
      message: `Could not find model "arn:aws:sagemaker:x:1:model/${job}".`,
    };
    const service = await startAnswering({
      CreateTransformJob: [
        [400, unseen],
        [200, {}],
      ],
    });
    expect(await assignByBatchTransform(sessionOf(), request, { now })).toHaveLength(3);
    expect(service.sent("CreateTransformJob")).toHaveLength(2);
  });

  test("whose model cannot be deleted says how to do it, and why", async () => {
    const denied: ScriptedAnswer = [400, { __type: "AccessDeniedException", message: "sagemaker:DeleteModel" }];
    await startAnswering({ DeleteModel: [denied] });
    await expect(assignByBatchTransform(sessionOf(), request, { now })).rejects.toMatchObject({
      message: expect.stringContaining(`Could not delete the model ${job}: AccessDeniedException`),
      hint: expect.stringContaining(`aws sagemaker delete-model --model-name ${job} --region us-east-1`),
    });
  });

  test("whose model cannot be deleted has assigned the customers all the same", async () => {
    await startAnswering({ DeleteModel: [[400, { __type: "AccessDeniedException", message: "no" }]] });
    const left: string[] = [];
    const onLeft = ({ message }: Error) => left.push(message);
    expect(await assignByBatchTransform(sessionOf(), request, { now, onLeft })).toHaveLength(3);
    expect(left).toEqual([expect.stringContaining(`Could not delete the model ${job}`)]);
  });

  test("is refused before anything is sent", async () => {
    const service = await startAnswering({});
    const attempt = (changes: object) => assignByBatchTransform(sessionOf(), { ...request, ...changes }, { now });
    await expect(attempt({ instances: 4 })).rejects.toThrow("Expected `instances` to be an integer from 1 to 3, got 4");
    await expect(attempt({ modelUri: "x" })).rejects.toThrow("Expected `modelUri`");
    await expect(attempt({ bucket: "X" })).rejects.toThrow("Expected `bucket`");
    await expect(attempt({ instanceType: "X" })).rejects.toThrow("Expected `instanceType`");
    await expect(attempt({ outputKmsKey: " " })).rejects.toThrow("Expected `outputKmsKey`");
    await expect(attempt({ baseName: "_" })).rejects.toThrow("Expected `baseName`");
    expect(service.requests).toEqual([]);
  });
});

test("ids go past the model and come out beside cluster and distance", () => {
  const folder = `s3://work-bucket/customer-segmentation/${job}`;
  expect(transformJobInput(request, job)).toEqual({
    TransformJobName: job,
    ModelName: job,
    BatchStrategy: "MultiRecord",
    TransformInput: {
      ContentType: "text/csv",
      SplitType: "Line",
      DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `${folder}/input/` } },
    },
    TransformOutput: { Accept: "text/csv", AssembleWith: "Line", S3OutputPath: `${folder}/output/` },
    TransformResources: { InstanceType: "ml.m5.large", InstanceCount: 1 },
    DataProcessing: { InputFilter: "$[1:]", JoinSource: "Input", OutputFilter: "$[0,-2,-1]" },
  });
});
