import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { checkS3Path } from "@keyspaces-segmentation/aws-local/dist/moto_route.js";
import { canonicalRequest, signatureOf, stringToSign } from "@keyspaces-segmentation/local-support/dist/aws/sigv4.js";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";

const Bucket = "route-test";
let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws();
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: "kept", Body: "kept" }));
});
afterAll(() => aws?.stop());

interface Raw {
  service: string;
  method?: string;
  target: string;
  host?: string;
  /** Makes the Authorization header of the right one. */
  authorize?: (header: string) => string;
}

/** Sends a request as it is, rightly signed, and gives its status and all that came back. */
async function send({ service, method = "GET", target, host, authorize = (header) => header }: Raw) {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = aws.identity;
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const hash = createHash("sha256").digest("hex");
  const headers = {
    host: host ?? `127.0.0.1:${aws.front.port}`,
    "x-amz-content-sha256": hash,
    "x-amz-date": timestamp,
    "x-amz-security-token": sessionToken,
  };
  const scope = { accessKeyId, date: timestamp.slice(0, 8), region, service };
  const claim = { ...scope, signedHeaders: Object.keys(headers) };
  const canonical = canonicalRequest({ method, target, rawHeaders: Object.entries(headers).flat() }, claim, hash);
  const signature = signatureOf(stringToSign(canonical, timestamp, claim), secretAccessKey, claim);
  const credential = `Credential=${accessKeyId}/${scope.date}/${region}/${service}/aws4_request`;
  const right = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${claim.signedHeaders.join(";")}, Signature=${signature}`;
  const lines = Object.entries({
    ...headers,
    authorization: authorize(right),
    connection: "close",
    "content-length": "0",
  });
  const socket = connect({ port: aws.front.port, host: "127.0.0.1" });
  await once(socket, "connect");
  socket.write(`${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  const answer = await text(socket);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), answer };
}

const isKept = async () =>
  (await (await aws.s3.send(new GetObjectCommand({ Bucket, Key: "kept" }))).Body?.transformToString()) === "kept";

/** Ways to write a path that moto, or something on the way to it, may take for one of its own doors. */
const disguised = [
  "/moto-api/reset",
  "/moto-api/data.json",
  "/moto-api/",
  "/moto-api",
  "/%6doto-api/reset",
  "/%6Doto%2Dapi%2Freset",
  "/%6doto-api/reset%zz",
  "/%256doto-api/reset",
  "/%25256doto-api/reset",
  "//moto-api/reset",
  "///moto-api/reset",
  "/%2Fmoto-api/reset",
  "/./moto-api/reset",
  "/%2e/moto-api/reset",
  "/bucket/../moto-api/reset",
  "/bucket/%2e%2e/moto-api/reset",
  "/bucket%2f..%2fmoto-api/reset",
  "/Moto-API/reset",
  "/moto-api/reset?x=1",
  "/moto-api#/reset",
  "/\\moto-api/reset",
  "http://127.0.0.1/moto-api/reset",
  "HTTP://moto_api/moto-api/reset",
  "/favicon.ico",
  "/latest/meta-data/iam/security-credentials/",
  "/latest/api/token",
  "/v20180820/configuration/publicAccessBlock",
];

describe.each(["s3", "iam", "kms", "logs", "sts", "sagemaker", "moto_api", "lambda"])("signed for %s", (service) => {
  test.each(disguised)("%s goes nowhere", async (target) => {
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      const { status, answer } = await send({ service, method, target });
      expect([400, 403, 404, 501]).toContain(status);
      // An error of the front's own, not one of moto's.
      expect(answer).toMatch(/x-amzn?-request-?id: /i);
      expect(answer).not.toMatch(/werkzeug|moto_api_reset|accessKeyId/i);
    }
    expect(await isKept()).toBe(true);
  });
});

test("what is refused says which path it is that is not S3's", async () => {
  const { status, answer } = await send({ service: "s3", method: "POST", target: "/%6doto-api/reset" });
  expect(status).toBe(403);
  expect(answer).toContain("<Code>AccessDenied</Code>");
  expect(answer).toContain("/moto-api is not S3&#39;s, and not for clients.");
  const iam = await send({ service: "iam", method: "POST", target: "/moto-api/reset" });
  expect(iam.answer).toContain("is not a path of iam; its requests go to");
});

test("S3 Control is refused, which signs as S3 and is told by its host", async () => {
  const { status, answer } = await send({
    service: "s3",
    target: "/",
    host: "123456789012.s3-control.eu-west-1.amazonaws.com",
  });
  expect(status).toBe(501);
  expect(answer).toContain("S3 Control is not emulated.");
});

test("moto sees the scope that was verified, and none that stands before it", async () => {
  const other = (service: string) => `AWS4-HMAC-SHA256 Credential=x/20200101/us-east-1/${service}/aws4_request, `;
  for (const service of ["lambda", "moto_api", "sqs"]) {
    const { status, answer } = await send({
      service: "s3",
      target: "/route-test?list-type=2",
      authorize: (right) => right.replace("AWS4-HMAC-SHA256 ", other(service)),
    });
    expect(status).toBe(200);
    expect(answer).toContain("<Key>kept</Key>");
  }
});

test("a training job's own way to S3 leads nowhere else either", async () => {
  const job = (S3Uri: string, S3OutputPath: string) =>
    new CreateTrainingJobCommand({
      TrainingJobName: "route",
      RoleArn: "arn:aws:iam::123456789012:role/route",
      AlgorithmSpecification: {
        TrainingImage: "438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1",
        TrainingInputMode: "File",
      },
      HyperParameters: { k: "2", feature_dim: "1" },
      InputDataConfig: [{ ChannelName: "train", DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri } } }],
      OutputDataConfig: { S3OutputPath },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
    });
  await expect(aws.sageMaker.send(job("s3://moto-api/reset", `s3://${Bucket}/out`))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("/moto-api is not S3's"),
  });
  expect(await isKept()).toBe(true);
});

describe("paths of buckets and objects", () => {
  test.each([
    "/",
    "/bucket",
    "/bucket/",
    "/bucket/moto-api/reset",
    "/bucket//key",
    "/bucket/latest/meta-data/x",
    "/a%20folder/it%27s%20%28100%25%29%20a%2Bb%3D%C3%BC.txt",
    "/my-moto-api/key",
    "/latest/object",
  ])("%s is let through", (path) => {
    expect(() => checkS3Path(path)).not.toThrow();
  });
});
