import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListTrainingJobsCommand } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { iamOf, s3Of, sageMakerOf } from "@keyspaces-segmentation/aws-session/dist/clients.js";
import { downloadObject, objectExists, readObject } from "@keyspaces-segmentation/aws-session/dist/objects.js";
import { answerWithin, clientOf } from "@keyspaces-segmentation/aws-session/dist/sdk_client.js";
import { type AwsSession, signIn } from "@keyspaces-segmentation/aws-session/dist/session.js";
import { uploadBytes } from "@keyspaces-segmentation/aws-session/dist/upload.js";
import { StepError } from "@keyspaces-segmentation/common";
import { containerAnswersWithin, sageMakerRuntimeOf } from "@keyspaces-segmentation/sagemaker-kmeans/dist/clients.js";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { sessionOf } from "../../../test/support/session.js";

const at = { bucket: "a-bucket", key: "an/object.csv" };
const invocation = { EndpointName: "e", Body: Buffer.from("1,2"), ContentType: "text/csv" };

/** One request of each client, and some more of S3, whose answers differ. */
const requests: Record<string, (aws: AwsSession) => Promise<unknown>> = {
  "STS GetCallerIdentity": (aws) =>
    clientOf(aws, (common) => new STSClient(common)).send(new GetCallerIdentityCommand({})),
  "IAM GetRole": (aws) => iamOf(aws).send(new GetRoleCommand({ RoleName: "Nobody" })),
  "SageMaker ListTrainingJobs": (aws) => sageMakerOf(aws).send(new ListTrainingJobsCommand({})),
  "SageMaker InvokeEndpoint": (aws) => sageMakerRuntimeOf(aws).send(new InvokeEndpointCommand(invocation)),
  "S3 ListBuckets": (aws) => s3Of(aws).send(new ListBucketsCommand({})),
  "S3 PutObject": (aws) => uploadBytes(aws, at, "a,b\n"),
  "S3 HeadObject": (aws) => objectExists(aws, at),
  "S3 GetObject": (aws) => readObject(aws, at),
};

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clients-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("expired credentials", () => {
  let running: RunningAws;
  beforeAll(async () => {
    running = await startAws();
    await running.s3.send(new CreateBucketCommand({ Bucket: at.bucket }));
  });
  afterAll(() => running.stop());
  withEnvironment(() => ({ AWS_ENDPOINT_URL: running.front.url }));

  /** A session whose credentials have expired, until they are resolved anew. Neither pair says when its time is over. */
  function expiredSession() {
    let { expires: _, ...pair } = running.expired;
    const credentials = jest.fn(async (options?: { forceRefresh?: boolean }) => {
      if (options?.forceRefresh) pair = running.identity;
      return pair;
    });
    return sessionOf({ region, credentials });
  }

  test.each(Object.keys(requests))("%s is sent again with new ones", async (name) => {
    const aws = expiredSession();
    // The second time the credentials are known to be good; what is refused then is refused for other reasons.
    const expected = await failureOf(requests[name]!(sessionOf({ region, credentials: async () => running.identity })));
    const failure = await failureOf(requests[name]!(aws));
    expect((failure as Error | undefined)?.message).toBe((expected as Error | undefined)?.message);
    expect(String(failure)).not.toMatch(/expired/i);
    expect(jest.mocked(aws.credentials).mock.calls.filter(([options]) => options?.forceRefresh)).toHaveLength(1);
  });

  test("are renewed once for all clients of a session", async () => {
    const aws = expiredSession();
    await requests["S3 ListBuckets"]!(aws);
    for (const name of ["SageMaker ListTrainingJobs", "STS GetCallerIdentity", "S3 PutObject"])
      await requests[name]!(aws);
    expect(jest.mocked(aws.credentials).mock.calls.filter(([options]) => options?.forceRefresh)).toHaveLength(1);
  });

  test("that cannot be renewed are refused as expired, with what to do", async () => {
    const { expires: _, ...pair } = running.expired;
    for (const credentials of [
      async () => pair,
      async (options?: { forceRefresh?: boolean }) => {
        if (options?.forceRefresh) throw new Error("The SSO session has expired");
        return pair;
      },
    ]) {
      const failure = await failureOf(uploadBytes(sessionOf({ region, credentials }), at, "a"));
      expect(failure).toBeInstanceOf(StepError);
      expect((failure as StepError).message).toMatch(
        /^Could not upload to s3:\/\/a-bucket\/an\/object.csv: ExpiredToken: /,
      );
      expect((failure as StepError).hint).toContain("Sign in anew");
    }
  });
});

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("an identity that a service does not know any more", () => {
  withEnvironment(() => ({}));

  test.each([
    ["S3 ListBuckets", "<Error><Code>InvalidToken</Code><Message>malformed or otherwise invalid</Message></Error>"],
    ["S3 GetObject", "<Error><Code>InvalidAccessKeyId</Code><Message>does not exist</Message></Error>"],
    ["S3 HeadObject", ""],
    [
      "STS GetCallerIdentity",
      "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>invalid</Message></Error></ErrorResponse>",
    ],
    [
      "IAM GetRole",
      "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>",
    ],
    ["SageMaker ListTrainingJobs", JSON.stringify({ __type: "UnrecognizedClientException", message: "invalid" })],
    ["SageMaker InvokeEndpoint", JSON.stringify({ __type: "ExpiredTokenException", message: "expired" })],
  ])("%s heals", async (name, refusal) => {
    const keys: string[] = [];
    const answer: RequestListener = (request, response) => {
      const [, key = ""] = /Credential=(\w+)/.exec(String(request.headers.authorization)) ?? [];
      keys.push(key);
      if (key === "AKIAOLD") response.writeHead(400).end(request.method === "HEAD" ? "" : refusal);
      else response.writeHead(501).end();
    };
    process.env.AWS_ENDPOINT_URL = await listen(createHttpServer(answer));
    let accessKeyId = "AKIAOLD";
    const credentials = async (options?: { forceRefresh?: boolean }) => {
      if (options?.forceRefresh) accessKeyId = "AKIANEW";
      return { accessKeyId, secretAccessKey: "s" };
    };
    await failureOf(requests[name]!(sessionOf({ credentials })));
    expect(keys.slice(0, 2)).toEqual(["AKIAOLD", "AKIANEW"]);
    expect(keys.filter((key) => key === "AKIAOLD")).toHaveLength(1);
  });
});

describe("a service that stays silent", () => {
  const seconds = 0.25;
  withEnvironment(() => ({ AWS_MAX_ATTEMPTS: "1", AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s" }));
  let warned: ReturnType<typeof jest.spyOn>;
  beforeAll(() => {
    jest.replaceProperty(answerWithin, "socketTimeout", seconds * 1000);
    jest.replaceProperty(containerAnswersWithin, "socketTimeout", seconds * 1000);
    warned = jest.spyOn(console, "warn");
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });
  afterEach(() => expect(warned).not.toHaveBeenCalled());

  const said = `nothing came for ${seconds} s over an open connection`;

  test.each(Object.keys(requests))("after the request: %s gives up", async (name) => {
    process.env.AWS_ENDPOINT_URL = await listen(createServer((socket) => socket.resume()));
    expect(await failureOf(requests[name]!(sessionOf()))).toMatchObject(
      name.startsWith("S3") && name !== "S3 ListBuckets"
        ? { message: expect.stringContaining(said), hint: expect.stringContaining("AWS_ENDPOINT_URL") }
        : { name: "TimeoutError" },
    );
  });

  test("signing in gives up", async () => {
    process.env.AWS_ENDPOINT_URL = await listen(createServer((socket) => socket.resume()));
    expect(await failureOf(signIn({ region: "us-east-1" }))).toMatchObject({
      message: `Could not sign in to AWS in us-east-1: TimeoutError: ${said}.`,
    });
  });

  test("a role that is to be assumed, and its STS does not answer, is given up", async () => {
    const config = join(folder, "config");
    const url = await listen(createServer((socket) => socket.resume()));
    await writeFile(
      config,
      "[profile other]\nrole_arn = arn:aws:iam::123456789012:role/R\nsource_profile = base\nregion = us-east-1\n" +
        "[profile base]\naws_access_key_id = AKIA\naws_secret_access_key = s\n",
    );
    Object.assign(process.env, { AWS_ENDPOINT_URL: url, AWS_CONFIG_FILE: config, AWS_PROFILE: "other" });
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect(await failureOf(signIn({ region: "us-east-1" }))).toMatchObject({
      message: expect.stringContaining("Could not find AWS credentials"),
    });
  });

  test.each([
    ["an upload that is not taken", (aws: AwsSession) => uploadBytes(aws, at, Buffer.alloc(32 << 20))],
    ["a download that stalls", (aws: AwsSession) => downloadObject(aws, at, join(folder, "stalled.csv"))],
    ["an object that stalls", (aws: AwsSession) => readObject(aws, at)],
  ])("in the middle: %s is given up", async (_, work) => {
    const stalls = createHttpServer((request, response) => {
      if (request.method === "PUT") return request.pause();
      response.writeHead(200, { "content-length": 1000 }).write("a,b\n");
      return undefined;
    });
    process.env.AWS_ENDPOINT_URL = await listen(stalls);
    expect(await failureOf(work(sessionOf()))).toMatchObject({
      name: "StepError",
      message: expect.stringContaining(said),
    });
  });

  test("is not one whose bytes flow, however long that takes", async () => {
    const patient = jest.replaceProperty(answerWithin, "socketTimeout", 1500);
    const [pieces, pauseMs] = [24, 100];
    const slow = createHttpServer(async (request, response) => {
      if (request.method === "GET") response.writeHead(200, { "content-length": pieces });
      let taken = 0;
      for await (const bytes of request) {
        const before = taken >> 20;
        taken += (bytes as Buffer).length;
        if (taken >> 20 > before) await delay(pauseMs);
      }
      for (let piece = 0; request.method === "GET" && piece < pieces; piece++) {
        await delay(pauseMs);
        response.write("x");
      }
      response.end();
    });
    process.env.AWS_ENDPOINT_URL = await listen(slow);
    expect(await readObject(sessionOf(), at)).toHaveLength(pieces);
    expect(await uploadBytes(sessionOf(), at, Buffer.alloc(pieces << 20))).toBe("s3://a-bucket/an/object.csv");
    patient.replaceValue(seconds * 1000);
  });
});
