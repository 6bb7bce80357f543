import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkServerIdentity, connect } from "node:tls";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createFaults } from "../../local/keyspaces/faults.js";
import { CASSANDRA_JARS, PYTHON } from "../../local/paths.js";
import { guard } from "../../local/process.js";
import { runningProcesses } from "../../local/process_tree.js";
import { type StackOptions, startStack } from "../../local/stack.js";
import { clientOf, createKeyspace, createTable, signedBy } from "./keyspaces/support.js";

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
    const stack = await startStack(options({ onProgress: (step) => steps.push(step), faults }));
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

      const options = { ...signedBy(settings.credentials, settings.region), localDataCenter: settings.region };
      const keyspaces = clientOf(Number(port), { ca: String(ca) }, options);
      await createKeyspace(keyspaces, "stack");
      await createTable(keyspaces, "stack", "t", "(k int PRIMARY KEY)");
      faults.errors = [{ code: 0x1001, rate: 1 }];
      await expect(keyspaces.execute("INSERT INTO stack.t (k) VALUES (1)")).rejects.toMatchObject({ code: 0x1001 });
      await keyspaces.shutdown();

      const [first] = childrenLeft();
      process.kill(first!.pid, "SIGKILL");
      expect((await stack.failed).message).toMatch(/^(Cassandra|moto) was ended by SIGKILL while the stack was up\./);
    } finally {
      await Promise.all([stack.stop(), stack.stop()]);
    }
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
    setTimeout(() => controller.abort(reason), 1000);
    await expect(starting).rejects.toBe(reason);
    expect(childrenLeft()).toEqual([]);
  });
});
