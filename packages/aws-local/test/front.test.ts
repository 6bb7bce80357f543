import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { CreateRoleCommand, GetRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateNotebookInstanceCommand, ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startAwsFront } from "@keyspaces-segmentation/aws-local/dist/front.js";
import { type Identity, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type ClientSettings, type RunningAws, region, startAws } from "../../../test/support/aws.js";

const Bucket = "front-test";
let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws();
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => aws?.stop());

describe("S3", () => {
  test("an object is stored, found, read and deleted", async () => {
    const Key = "a folder/it's (100%) a+b=ü.txt";
    await aws.s3.send(
      new PutObjectCommand({ Bucket, Key, Body: "content", ContentType: "text/plain", Metadata: { origin: "test" } }),
    );
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentLength: 7, ContentType: "text/plain", Metadata: { origin: "test" } });
    const list = await aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "a folder/" }));
    expect(list.Contents?.map((each) => each.Key)).toEqual([Key]);
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe("content");
    await aws.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(aws.s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  test("20 MB go through as a stream, and come back", async () => {
    const Key = "large";
    const chunk = createHash("sha512").update("seed").digest();
    const megabyte = Buffer.alloc(2 ** 20, chunk);
    const pieces = function* () {
      for (let i = 0; i < 20; i++) yield megabyte;
    };
    await aws.s3.send(
      new PutObjectCommand({ Bucket, Key, Body: Readable.from(pieces()), ContentLength: 20 * 2 ** 20 }),
    );
    const { Body, ContentLength } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(ContentLength).toBe(20 * 2 ** 20);
    const hash = createHash("sha256");
    for await (const piece of Body as Readable) hash.update(piece as Buffer);
    const expected = createHash("sha256");
    for (const piece of pieces()) expected.update(piece);
    expect(hash.digest("hex")).toBe(expected.digest("hex"));
  });

  test("a body that is not the one that was signed is refused and not stored", async () => {
    const Key = "tampered";
    const size = 2 ** 23;
    // Without the checksum that moto itself would find wrong.
    const client = new S3Client({ ...aws.settings(), requestChecksumCalculation: "WHEN_REQUIRED" });
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: unknown }).body = Buffer.alloc(size, "b");
        return next(args);
      },
      { step: "finalizeRequest", name: "tamper", priority: "low" },
    );
    const put = client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(size, "a") }));
    await expect(put).rejects.toMatchObject({ name: "XAmzContentSHA256Mismatch" });
    client.destroy();
    await expect(aws.s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  test("moto's own errors arrive as they are", async () => {
    const missing = aws.s3.send(new ListObjectsV2Command({ Bucket: "nobody-made-this" }));
    await expect(missing).rejects.toMatchObject({ name: "NoSuchBucket", $metadata: { httpStatusCode: 404 } });
  });
});

describe("STS and IAM", () => {
  test("GetCallerIdentity says who signed", async () => {
    const { arn, userId, account } = aws.identity;
    const answer = await aws.sts.send(new GetCallerIdentityCommand({}));
    expect(answer).toMatchObject({ Arn: arn, UserId: userId, Account: account });
  });

  test("other actions of STS are refused by name", async () => {
    const assume = aws.sts.send(new AssumeRoleCommand({ RoleArn: "arn:aws:iam::1:role/x", RoleSessionName: "x" }));
    await expect(assume).rejects.toMatchObject({ name: "NotEmulated", message: "STS AssumeRole is not emulated." });
  });

  test("a role is made and found", async () => {
    const RoleName = "Analyst";
    await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: "{}", Path: "/service-role/" }));
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName }));
    expect(Role?.Arn).toBe("arn:aws:iam::123456789012:role/service-role/Analyst");
  });
});

/** What each protocol's client is told. S3 is asked with GET: HEAD has no body to name an error in. */
const asks = {
  sagemaker: async (settings: ClientSettings) => {
    const client = new SageMakerClient(settings);
    await client.send(new ListTrainingJobsCommand({})).finally(() => client.destroy());
  },
  sts: async (settings: ClientSettings) => {
    const client = new STSClient(settings);
    await client.send(new GetCallerIdentityCommand({})).finally(() => client.destroy());
  },
  iam: async (settings: ClientSettings) => {
    const client = new IAMClient(settings);
    await client.send(new GetRoleCommand({ RoleName: "Analyst" })).finally(() => client.destroy());
  },
  s3: async (settings: ClientSettings) => {
    const client = new S3Client(settings);
    await client.send(new ListObjectsV2Command({ Bucket })).finally(() => client.destroy());
  },
};
type Service = keyof typeof asks;

describe("credentials that are not right are refused as each service words it", () => {
  const changed = (change: Partial<Identity>): Identity => ({ ...aws.identity, ...change });
  const { sessionToken: _, ...withoutToken } = temporaryIdentity();
  const expired = () => aws.settings(aws.expired);

  test.each<[Service, fault: string, () => ClientSettings, code: string, status: number]>([
    ["sagemaker", "an unknown key", () => aws.settings(temporaryIdentity()), "UnrecognizedClientException", 400],
    ["sts", "an unknown key", () => aws.settings(temporaryIdentity()), "InvalidClientTokenId", 403],
    ["iam", "an unknown key", () => aws.settings(withoutToken as Identity), "InvalidClientTokenId", 403],
    ["s3", "an unknown key", () => aws.settings(temporaryIdentity()), "InvalidAccessKeyId", 403],
    [
      "sagemaker",
      "a wrong secret",
      () => aws.settings(changed({ secretAccessKey: "x" })),
      "InvalidSignatureException",
      400,
    ],
    ["sts", "a wrong secret", () => aws.settings(changed({ secretAccessKey: "x" })), "SignatureDoesNotMatch", 403],
    ["s3", "a wrong secret", () => aws.settings(changed({ secretAccessKey: "x" })), "SignatureDoesNotMatch", 403],
    [
      "sagemaker",
      "a missing token",
      () => aws.settings(changed({ sessionToken: "" })),
      "UnrecognizedClientException",
      400,
    ],
    ["sagemaker", "an expired token", expired, "ExpiredTokenException", 400],
    ["sts", "an expired token", expired, "ExpiredToken", 403],
    ["s3", "an expired token", expired, "ExpiredToken", 400],
    ["s3", "a missing token", () => aws.settings(changed({ sessionToken: "" })), "InvalidAccessKeyId", 403],
    ["sts", "a wrong token", () => aws.settings(changed({ sessionToken: "x" })), "InvalidClientTokenId", 403],
    ["s3", "a wrong token", () => aws.settings(changed({ sessionToken: "x" })), "InvalidToken", 400],
    [
      "sagemaker",
      "another region",
      () => aws.settings(aws.identity, { region: "eu-west-3" }),
      "InvalidSignatureException",
      400,
    ],
    ["sts", "another region", () => aws.settings(aws.identity, { region: "eu-west-3" }), "SignatureDoesNotMatch", 403],
    [
      "s3",
      "another region",
      () => aws.settings(aws.identity, { region: "eu-west-3" }),
      "AuthorizationHeaderMalformed",
      400,
    ],
    [
      "sagemaker",
      "an old clock",
      () => aws.settings(aws.identity, { systemClockOffset: -400_000 }),
      "InvalidSignatureException",
      400,
    ],
    [
      "sts",
      "a clock ahead",
      () => aws.settings(aws.identity, { systemClockOffset: 400_000 }),
      "SignatureDoesNotMatch",
      403,
    ],
    [
      "s3",
      "an old clock",
      () => aws.settings(aws.identity, { systemClockOffset: -1_000_000 }),
      "RequestTimeTooSkewed",
      403,
    ],
  ])("%s: %s", async (service, _fault, settings, code, status) => {
    await expect(asks[service](settings())).rejects.toMatchObject({
      name: code,
      $metadata: { httpStatusCode: status },
    });
  });

  test("the message for a stale signature has the times", async () => {
    const settings = aws.settings(aws.identity, { systemClockOffset: -400_000 });
    const message = /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/;
    await expect(asks.sagemaker(settings)).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });

  test("an SDK that may try again sets its clock by ours", async () => {
    const settings = aws.settings(aws.identity, { systemClockOffset: -3_600_000, maxAttempts: 3 });
    await expect(asks.sagemaker(settings)).resolves.toBeUndefined();
  });

  test("our clock is the one that counts", async () => {
    const now = () => new Date("2031-05-01T00:00:00Z");
    const front = await startAwsFront({ region, identities: [aws.identity], moto: aws.moto, now });
    const settings = { ...aws.settings(), endpoint: front.url };
    await expect(asks.sts(settings)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    await front.close();
  });

  test("what moto answers bears our time, not its own: a client would set its clock by that and be refused", async () => {
    const day = 24 * 3_600_000;
    const now = () => new Date(Date.now() - 31 * day);
    const front = await startAwsFront({ region, identities: [aws.identity], moto: aws.moto, now });
    const settings = { ...aws.settings(aws.identity, { systemClockOffset: -31 * day }), endpoint: front.url };
    const client = new IAMClient(settings);
    for (let i = 0; i < 2; i++) await client.send(new ListRolesCommand({}));
    client.destroy();
    await front.close();
  });
});

describe("an identity without permissions", () => {
  test("may ask who it is, and nothing else", async () => {
    const settings = aws.settings(aws.stranger);
    await expect(asks.sts(settings)).resolves.toBeUndefined();
    await expect(asks.s3(settings)).rejects.toMatchObject({ name: "AccessDenied" });
    const action = (name: string) =>
      `User: ${aws.stranger.arn} is not authorized to perform: ${name} on resource: * ` +
      `because no identity-based policy allows the ${name} action`;
    await expect(asks.iam(settings)).rejects.toMatchObject({
      name: "AccessDenied",
      message: action("iam:GetRole"),
    });
    await expect(asks.sagemaker(settings)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: action("sagemaker:ListTrainingJobs"),
    });
  });

  test("is refused by status where an answer has no body", async () => {
    const client = new S3Client(aws.settings(aws.stranger));
    const head = client.send(new HeadBucketCommand({ Bucket }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    client.destroy();
  });
});

describe("what is not signed or not emulated", () => {
  async function send(
    headers: Record<string, string>,
    body = "",
    path = "/",
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(`${aws.front.url}${path}`, { method: "POST", headers, agent: false }, (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      });
      request.on("error", reject).end(body);
    });
  }

  test("an unsigned request is refused in the protocol that it seems to speak", async () => {
    expect(await send({ "x-amz-target": "SageMaker.ListTrainingJobs" }, "{}")).toEqual({
      status: 400,
      body: '{"__type":"MissingAuthenticationTokenException","Message":"Request is missing Authentication Token"}',
    });
    const query = await send({ "content-type": "application/x-www-form-urlencoded" }, "Action=GetCallerIdentity");
    expect(query.status).toBe(403);
    expect(query.body).toContain("<Code>MissingAuthenticationToken</Code>");
    const s3 = await send({}, "", "/bucket/key");
    expect(s3.status).toBe(403);
    expect(s3.body).toContain("<Code>AccessDenied</Code>");
  });

  test("so is one with half an Authorization header, and a presigned URL", async () => {
    const half = await send({ authorization: "AWS4-HMAC-SHA256 Credential=A/20200101/r/s3/aws4_request" });
    expect(half).toMatchObject({ status: 400, body: expect.stringContaining("AuthorizationHeaderMalformed") });
    const presigned = await send({}, "", "/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0");
    expect(presigned).toMatchObject({ status: 501, body: expect.stringContaining("Presigned URLs are not emulated") });
  });

  test("an upload that breaks off leaves no object, and the front goes on", async () => {
    const client = new S3Client(aws.settings());
    const controller = new AbortController();
    const body = async function* () {
      yield Buffer.alloc(2 ** 16);
      controller.abort();
      yield Buffer.alloc(2 ** 16);
    };
    const put = client.send(
      new PutObjectCommand({ Bucket, Key: "half", Body: Readable.from(body()), ContentLength: 2 ** 17 }),
      { abortSignal: controller.signal },
    );
    await expect(put).rejects.toMatchObject({ name: "AbortError" });
    const get = client.send(new GetObjectCommand({ Bucket, Key: "half" }));
    await expect(get).rejects.toMatchObject({ name: "NoSuchKey" });
    client.destroy();
  });

  test("a moto that is gone is our failure, not the caller's", async () => {
    const front = await startAwsFront({ region, identities: [aws.identity], moto: { port: 1 } });
    const settings = { ...aws.settings(), endpoint: front.url };
    const failure = { name: "InternalError", message: expect.stringContaining("ECONNREFUSED") };
    await expect(asks.s3(settings)).rejects.toMatchObject(failure);
    await front.close();
  });

  test("an operation that SageMaker does not have is unknown", async () => {
    const client = new SageMakerClient(aws.settings());
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers["x-amz-target"] = "SageMaker.MakeCoffee";
        return next(args);
      },
      { step: "build", name: "rename" },
    );
    await expect(client.send(new ListTrainingJobsCommand({}))).rejects.toMatchObject({
      name: "UnknownOperationException",
    });
    client.destroy();
  });

  test("an operation of SageMaker that is not emulated is refused by name, once", async () => {
    const client = new SageMakerClient(aws.settings(aws.identity, { maxAttempts: 3 }));
    const create = client.send(
      new CreateNotebookInstanceCommand({ NotebookInstanceName: "n", InstanceType: "ml.t3.medium", RoleArn: "r" }),
    );
    await expect(create).rejects.toMatchObject({
      name: "NotEmulatedException",
      message: "SageMaker CreateNotebookInstance is not emulated.",
      $metadata: { httpStatusCode: 501, attempts: 1 },
    });
    client.destroy();
  });
});
