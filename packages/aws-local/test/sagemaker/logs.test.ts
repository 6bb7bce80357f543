import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateModelCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  CreateTransformJobCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { packModel } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/model_artifact.js";
import type { Identity } from "@keyspaces-segmentation/local-support";
import {
  canonicalRequest,
  sha256,
  signatureOf,
  stringToSign,
} from "@keyspaces-segmentation/local-support/dist/aws/sigv4.js";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";
import { untilOver } from "../../../../test/support/job_end.js";

const Bucket = "log-test";
const RoleArn = "arn:aws:iam::123456789012:role/LocalDataScientist";
const Image = "438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1";
let aws: RunningAws;
const put = (Key: string, Body: string | Uint8Array) => aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

beforeAll(async () => {
  aws = await startAws();
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  await put("good/data.csv", "0,0\n0,2\n10,10\n10,12\n");
  await put("bad/data.csv", "recency,monetary\n0,0\n");
});
afterAll(() => aws?.stop());

/** CloudWatch Logs, asked through the front without an SDK. */
async function logs<T>(operation: string, request: object, identity: Identity = aws.identity): Promise<T> {
  const body = JSON.stringify(request);
  const { host } = new URL(aws.front.url);
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const target = `Logs_20140328.${operation}`;
  const headers = {
    host,
    "x-amz-date": timestamp,
    "x-amz-security-token": identity.sessionToken ?? "",
    "x-amz-target": target,
  };
  const scope = { date: timestamp.slice(0, 8), region, service: "logs" };
  const signedHeaders = Object.keys(headers);
  const wire = { method: "POST", target: "/", rawHeaders: Object.entries(headers).flat() };
  const toSign = stringToSign(canonicalRequest(wire, { ...scope, signedHeaders }, sha256(body)), timestamp, scope);
  const signature = signatureOf(toSign, identity.secretAccessKey, scope);
  const { host: _, ...sent } = headers;
  const response = await fetch(aws.front.url, {
    method: "POST",
    body,
    headers: {
      ...sent,
      "content-type": "application/x-amz-json-1.1",
      authorization:
        `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope.date}/${region}/logs/aws4_request, ` +
        `SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`,
    },
  });
  return (await response.json()) as T;
}

/** The lines of all streams whose names begin so, by the part of their names behind it. */
async function linesOf(logGroupName: string, prefix: string): Promise<Record<string, string[]>> {
  const { logStreams } = await logs<{ logStreams: { logStreamName: string }[] }>("DescribeLogStreams", {
    logGroupName,
    logStreamNamePrefix: prefix,
  });
  const lines: Record<string, string[]> = {};
  for (const { logStreamName } of logStreams) {
    const { events } = await logs<{ events: { message: string }[] }>("GetLogEvents", {
      logGroupName,
      logStreamName,
      startFromHead: true,
    });
    lines[logStreamName.slice(prefix.length)] = events.map(({ message }) => message);
  }
  return lines;
}

async function train(name: string, folder: string, more: Partial<CreateTrainingJobRequest> = {}): Promise<void> {
  const channel = (ChannelName: string) => ({
    ChannelName,
    ContentType: "text/csv;label_size=0",
    DataSource: { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: `s3://${Bucket}/${folder}/` } },
  });
  await aws.sageMaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn,
      AlgorithmSpecification: { TrainingImage: Image, TrainingInputMode: "File" },
      HyperParameters: { k: "2", feature_dim: "2" },
      InputDataConfig: ["train", "test"].map(channel),
      OutputDataConfig: { S3OutputPath: `s3://${Bucket}/out` },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 2, VolumeSizeInGB: 5 },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      ...more,
    }),
  );
  await untilOver(
    name,
    () => aws.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name })),
    ({ TrainingJobStatus }) => TrainingJobStatus,
  );
}
const group = "/aws/sagemaker/TrainingJobs";
/** Without what changes from run to run. */
const steady = (lines: string[] = []) =>
  lines.map((line) =>
    line
      .replace(/^\[\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d (\w+) \d+\]/, "[$1]")
      .replace(/throughput=[\d.]+/, "throughput=#"),
  );

describe("a training job's log", () => {
  test("has a stream for every host, and the lines that metrics are read from", async () => {
    await train("logged", "good");
    const streams = await linesOf(group, "logged/");
    const names = Object.keys(streams).sort();
    expect(names.map((name) => name.replace(/\d+$/, "#"))).toEqual(["algo-1-#", "algo-2-#"]);
    const [first = "", second = ""] = names;
    expect(streams[second]).toHaveLength(5);
    const lines = steady(streams[first]);
    expect(lines.slice(0, 2)).toEqual([
      "Docker entrypoint called with argument(s): train",
      "Running default environment configuration script",
    ]);
    expect(lines[2]).toMatch(/^\[INFO\] Reading default configuration from .*: \{'init_method': 'random', /);
    expect(lines[4]).toMatch(/^\[INFO\] Final configuration: \{.*'feature_dim': '2'/);
    expect(lines.slice(5)).toEqual([
      "[WARNING] Batch size 5000 is bigger than the first batch data. Effective batch size used to initialize is 4",
      "[INFO] processed a total of 4 examples",
      "[INFO] #progress_metric: host=algo-1, completed 100.0 % of epochs",
      "[INFO] #throughput_metric: host=algo-1, train throughput=# records/second",
      "[INFO] shrinking 4 centers into 2",
      ...Array.from(
        { length: 10 },
        (_, i) => `[INFO] local kmeans attempt #${i}. Current mean square distance 1.000000`,
      ),
      "[INFO] #quality_metric: host=algo-1, train msd <loss>=1",
      "[INFO] #quality_metric: host=algo-1, test msd <loss>=1",
    ]);
    const { AlgorithmSpecification, FinalMetricDataList = [] } = await aws.sageMaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: "logged" }),
    );
    const whole = (streams[first] ?? []).join("\n");
    const definitions = AlgorithmSpecification?.MetricDefinitions ?? [];
    expect(FinalMetricDataList).toHaveLength(4);
    for (const { MetricName, Value } of FinalMetricDataList) {
      const { Regex = "" } = definitions.find(({ Name }) => Name === MetricName) ?? {};
      expect(Math.fround(Number(new RegExp(Regex).exec(whole)?.[1]))).toBe(Value);
    }
  });

  test("says that nothing was shrunk, and has no train:msd then", async () => {
    await train("unshrunk", "good", { HyperParameters: { k: "2", feature_dim: "2", extra_center_factor: "1" } });
    const [lines] = Object.values(await linesOf(group, "unshrunk/algo-1"));
    expect(steady(lines)).toContain("[INFO] No shrinking is required as extra_center_factor is 1.");
    const { FinalMetricDataList = [] } = await aws.sageMaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: "unshrunk" }),
    );
    const names = FinalMetricDataList.map(({ MetricName }) => MetricName);
    expect(names).toEqual(["train:progress", "train:throughput", "test:msd"]);
  });

  test("says why the job failed", async () => {
    await train("logged-failure", "bad");
    const [lines] = Object.values(await linesOf(group, "logged-failure/algo-1"));
    expect(steady(lines).at(-1)).toBe(
      "[ERROR] Customer Error: Unable to parse csv: rows 1-1000, file /opt/ml/input/data/train/data.csv",
    );
  });
});

test("a transform job's log says what the container answered", async () => {
  await put("model.tar.gz", await packModel({ values: Float64Array.of(0, 0), rows: 1, columns: 2 }));
  const PrimaryContainer = { Image, ModelDataUrl: `s3://${Bucket}/model.tar.gz` };
  await aws.sageMaker.send(new CreateModelCommand({ ModelName: "m", ExecutionRoleArn: RoleArn, PrimaryContainer }));
  const TransformJobName = "logged-transform";
  await aws.sageMaker.send(
    new CreateTransformJobCommand({
      TransformJobName,
      ModelName: "m",
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${Bucket}/bad/` } },
        ContentType: "text/csv",
        SplitType: "Line",
      },
      TransformOutput: { S3OutputPath: `s3://${Bucket}/out` },
      TransformResources: { InstanceType: "ml.m5.large", InstanceCount: 1 },
    }),
  );
  await untilOver(
    TransformJobName,
    () => aws.sageMaker.send(new DescribeTransformJobCommand({ TransformJobName })),
    ({ TransformJobStatus }) => TransformJobStatus,
  );
  expect(await linesOf("/aws/sagemaker/TransformJobs", "logged-transform/")).toEqual({
    "data-log": [
      "[sagemaker logs]: MaxConcurrentTransforms=1, MaxPayloadInMB=6, BatchStrategy=MULTI_RECORD",
      "[sagemaker logs]: log-test/bad/data.csv: ClientError: 400",
      "[sagemaker logs]: log-test/bad/data.csv: ",
      "[sagemaker logs]: log-test/bad/data.csv: Message:",
      "[sagemaker logs]: log-test/bad/data.csv: unable to evaluate payload provided",
    ],
  });
});

test("logs are read with valid credentials only", async () => {
  const answer = await logs("DescribeLogGroups", {}, { ...aws.identity, secretAccessKey: "x" });
  expect(answer).toMatchObject({ __type: "InvalidSignatureException" });
});
