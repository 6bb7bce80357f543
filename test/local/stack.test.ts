import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkServerIdentity, connect } from "node:tls";
import { promisify } from "node:util";
import { CreateRoleCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand, DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { startCassandra } from "@keyspaces-segmentation/keyspaces-local";
import { createFaults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import { CASSANDRA_JARS, guard, PYTHON, ROOT } from "@keyspaces-segmentation/local-support";
import { runningProcesses } from "@keyspaces-segmentation/local-support/dist/process_tree.js";
import { type StackOptions, startStack } from "../../local/stack.js";
import {
  clientOf,
  createKeyspace,
  createTable,
  region,
  signedBy,
} from "../../packages/keyspaces-local/test/support.js";
import { trainingRequest } from "../support/training_jobs.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "stack-test-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));

const data = {
  bucket: "public-data",
  key: "retail/online.csv",
  body: Buffer.from("a,b\n1,2\n"),
  metadata: { lines: "2" },
};
const options = (more: Partial<StackOptions> = {}): StackOptions => ({
  directory,
  jars: CASSANDRA_JARS,
  python: PYTHON,
  region: "eu-central-1",
  data,
  ...more,
});

/** Of the tests that need tables of an earlier start: the one that runs first makes them, as restarting costs less than starting anew. */
const used = mkdtempSync(join(tmpdir(), "stack-test-"));
afterAll(() => rmSync(used, { recursive: true, force: true, maxRetries: 3 }));
const MURMUR3 = "org.apache.cassandra.dht.Murmur3Partitioner";

/** Our children but those that were there before: what a stack has left behind. */
let before: number[];
const children = () => runningProcesses().filter(({ parent }) => parent === process.pid);
const childrenLeft = () => children().filter(({ pid }) => !before.includes(pid));
let keeper: ChildProcess;
beforeAll(() => {
  // The watchdog goes with the last child: this one keeps it to the end.
  keeper = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
  guard(keeper);
  before = children().map(({ pid }) => pid);
});
afterAll(() => {
  keeper.kill();
});

describe("the stack", () => {
  test("gives a client all it needs, reports a part that dies, and stops the rest", async () => {
    const steps: string[] = [];
    const faults = createFaults();
    // Of somebody who lets everybody in.
    const umask = process.umask(0);
    const asked = {
      directory: used,
      partitioner: MURMUR3,
      onProgress: (step: string) => steps.push(step),
      faults,
    } as const;
    const stack = await startStack(options(asked)).finally(() => process.umask(umask));
    try {
      const { environment } = stack;
      expect(steps).toEqual([
        "starting Cassandra and moto",
        "opening the endpoints of Keyspaces and AWS",
        "storing the data as s3://public-data/retail/online.csv",
      ]);
      expect(Object.keys(environment).sort()).toEqual([
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_ENDPOINT_URL",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "KEYSPACES_CA_FILE",
        "KEYSPACES_ENDPOINT",
        "SEGMENTATION_DATA_BUCKET",
        "SEGMENTATION_DATA_KEY",
      ]);
      const value = (name: string): string => environment[name] ?? "";
      const settings = {
        region: value("AWS_REGION"),
        endpoint: value("AWS_ENDPOINT_URL"),
        credentials: {
          accessKeyId: value("AWS_ACCESS_KEY_ID"),
          secretAccessKey: value("AWS_SECRET_ACCESS_KEY"),
          sessionToken: value("AWS_SESSION_TOKEN"),
        },
      };
      const { Arn } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
      expect(Arn).toBe("arn:aws:sts::123456789012:assumed-role/LocalDataScientist/local");
      const { Role } = await new IAMClient(settings).send(new GetRoleCommand({ RoleName: "LocalDataScientist" }));
      expect(Role?.Arn).toBe("arn:aws:iam::123456789012:role/LocalDataScientist");
      const object = await new S3Client(settings).send(new GetObjectCommand({ Bucket: data.bucket, Key: data.key }));
      expect(object.Metadata).toEqual({ lines: "2" });
      expect(await object.Body?.transformToString()).toBe("a,b\n1,2\n");

      const [host = "", port] = value("KEYSPACES_ENDPOINT").split(":");
      const ca = readFileSync(value("KEYSPACES_CA_FILE"));
      const verified = await new Promise((resolve, reject) => {
        const socket = connect({ host, port: Number(port), ca, rejectUnauthorized: true }, () => {
          resolve(socket.authorized && checkServerIdentity(host, socket.getPeerCertificate()) === undefined);
          socket.destroy();
        }).once("error", reject);
      });
      expect(verified).toBe(true);

      // Keyspaces' control plane answers at the same URL as all the others.
      const sdk = promisify(execFile)(PYTHON, [join(ROOT, "test/fixtures/keyspaces_sdk.py")], {
        env: { ...environment, PATH: process.env.PATH, HOME: directory },
      });
      sdk.child.stdin?.end('["list_keyspaces", {"maxResults": 1}]\n');
      const listed = JSON.parse((await sdk).stdout);
      expect(listed.ok.keyspaces).toEqual([expect.objectContaining({ keyspaceName: "system" })]);

      const options = { ...signedBy(settings.credentials, settings.region), localDataCenter: settings.region };
      const keyspaces = clientOf(Number(port), { ca: String(ca) }, options);
      await createKeyspace(keyspaces, "stack");
      await createTable(keyspaces, "stack", "t", "(k int PRIMARY KEY)");
      faults.errors = [{ code: 0x1001, rate: 1 }];
      await expect(keyspaces.execute("INSERT INTO stack.t (k) VALUES (1)")).rejects.toMatchObject({ code: 0x1001 });
      const [account] = (await keyspaces.execute("SELECT partitioner FROM system.local")).rows;
      expect(account?.partitioner).toBe(MURMUR3);
      await keyspaces.shutdown();

      const made = readdirSync(used, { recursive: true, encoding: "utf8" });
      expect(made).toEqual(
        expect.arrayContaining(["ca.pem", "moto.log", "cassandra/cassandra.log", "cassandra/cassandra.yaml"]),
      );
      expect(made.filter((file) => file.startsWith("cassandra/data/stack/"))).not.toEqual([]);
      const open = made.filter((file) => (statSync(join(used, file)).mode & 0o077) !== 0);
      expect(open).toEqual([]);

      const [first] = childrenLeft();
      process.kill(first!.pid, "SIGKILL");
      expect((await stack.failed).message).toMatch(/^(Cassandra|moto) was ended by SIGKILL while the stack was up\./);
    } finally {
      await Promise.all([stack.stop(), stack.stop()]);
    }
    expect(childrenLeft()).toEqual([]);
  });

  test("keeps the partitioner of the tables that are there, and says so; makes and trains at the pace that it is given", async () => {
    const tables = join(used, "cassandra");
    if (!existsSync(tables)) await (await startCassandra({ directory: tables, jars: CASSANDRA_JARS })).stop();
    const steps: string[] = [];
    const hour = 3_600_000;
    const pace = { definition: hour, job: hour, ramp: false };
    const onProgress = (step: string) => steps.push(step);
    const stack = await startStack(options({ directory: used, region, pace, onProgress }));
    try {
      expect(steps).toContain(`the tables that are there have the tokens of ${MURMUR3}, which the account keeps`);
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = stack.environment;
      const credentials = {
        accessKeyId: AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "",
        sessionToken: AWS_SESSION_TOKEN ?? "",
      };
      const ca = readFileSync(stack.environment.KEYSPACES_CA_FILE ?? "", "utf8");
      const port = Number(stack.environment.KEYSPACES_ENDPOINT?.split(":")[1]);
      const client = clientOf(port, { ca }, signedBy(credentials));
      await client.connect();
      expect((await client.execute("SELECT partitioner FROM system.local")).rows[0]?.partitioner).toBe(MURMUR3);

      await client.execute("CREATE KEYSPACE slow WITH replication = {'class': 'SingleRegionStrategy'}");
      const early = client.execute("CREATE TABLE slow.t (k int PRIMARY KEY)");
      await expect(early).rejects.toThrow("unconfigured keyspace slow");
      await client.shutdown();

      // A session of a role that is assumed reaches Keyspaces as well, with what that role may do.
      const settings = { region, endpoint: stack.environment.AWS_ENDPOINT_URL!, credentials };
      const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      const iam = new IAMClient(settings);
      const trust = { Effect: "Allow", Principal: { AWS: "123456789012" }, Action: "sts:AssumeRole" };
      const role = { RoleName: "Access", AssumeRolePolicyDocument: policy(trust) };
      const { Role: access } = await iam.send(new CreateRoleCommand(role));
      const system = `arn:aws:cassandra:${region}:123456789012:/keyspace/system*`;
      const PolicyDocument = policy({ Effect: "Allow", Action: "cassandra:Select", Resource: system });
      await iam.send(new PutRolePolicyCommand({ RoleName: "Access", PolicyName: "connect", PolicyDocument }));
      const sts = new STSClient(settings);
      const { Credentials: session } = await sts.send(
        new AssumeRoleCommand({ RoleArn: access!.Arn!, RoleSessionName: "notebook" }),
      );
      const keys = { accessKeyId: session!.AccessKeyId!, secretAccessKey: session!.SecretAccessKey! };
      const assumed = clientOf(port, { ca }, signedBy({ ...keys, sessionToken: session!.SessionToken! }));
      await assumed.connect();
      await expect(assumed.execute("DROP KEYSPACE slow")).rejects.toThrow(
        "User: arn:aws:sts::123456789012:assumed-role/Access/notebook is not authorized to perform: cassandra:Drop",
      );
      await assumed.shutdown();
      iam.destroy();
      sts.destroy();

      const sageMaker = new SageMakerClient(settings);
      const job = trainingRequest();
      job.InputDataConfig![0]!.DataSource!.S3DataSource!.S3Uri = `s3://${data.bucket}/`;
      await sageMaker.send(new CreateTrainingJobCommand(job));
      const name = { TrainingJobName: job.TrainingJobName };
      expect(await sageMaker.send(new DescribeTrainingJobCommand(name))).toMatchObject({ SecondaryStatus: "Starting" });
      sageMaker.destroy();
    } finally {
      await stack.stop();
    }
    // One that is asked for by name and cannot be had is refused, and the tables stay.
    const byName = options({ directory: used, partitioner: "com.amazonaws.cassandra.DefaultPartitioner" });
    await expect(startStack(byName)).rejects.toThrow(
      "cannot answer as com.amazonaws.cassandra.DefaultPartitioner before a Cassandra whose tokens are those of",
    );
    expect(readdirSync(join(tables, "data"))).toContain("system_gateway");
    expect(childrenLeft()).toEqual([]);
  });

  test("that cannot start says which part failed and leaves nothing running", async () => {
    await expect(startStack(options({ python: join(directory, "no-python") }))).rejects.toThrow(
      /^moto could not be started/,
    );
    expect(childrenLeft()).toEqual([]);
  });

  test("that is aborted while it starts leaves nothing running", async () => {
    const controller = new AbortController();
    const starting = startStack(options({ signal: controller.signal }));
    const reason = new Error("changed my mind");
    const parts = () => childrenLeft().map(({ pid }) => pid);
    const both = async () =>
      parts().length >= 2 ? { done: true, seen: "both" } : { seen: parts().join(", ") || "none" };
    await waitUntil("Cassandra and moto to be starting", both, {
      deadlineMs: 60_000,
      firstDelayMs: 20,
      maxDelayMs: 100,
    });
    controller.abort(reason);
    await expect(starting).rejects.toBe(reason);
    expect(childrenLeft()).toEqual([]);
  });
});
