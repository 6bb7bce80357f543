import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "@jest/globals";
import { type AwsSession, signIn } from "@keyspaces-segmentation/aws-session";
import { waitUntil } from "@keyspaces-segmentation/common";
import { listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { readSettings } from "../../src/settings.js";

const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
let aws: AwsSession;
let client: Client | undefined;
beforeAll(async () => {
  aws = await signIn(settings);
});
afterEach(async () => {
  await client?.shutdown();
  client = undefined;
});

test("a connection sees the system's keyspaces", async () => {
  client = await connectToKeyspaces(aws, settings);
  expect(await listKeyspaces(client)).toEqual(expect.arrayContaining(["system", "system_schema_mcs"]));
});

test("a stack on which nothing was chosen is a new account, with DefaultPartitioner", async () => {
  client = await connectToKeyspaces(aws, settings);
  const { rows } = await client.execute("SELECT partitioner FROM system.local");
  const chosen = process.env.KEYSPACES_PARTITIONER;
  expect(rows[0]?.partitioner).toBe(chosen ?? "com.amazonaws.cassandra.DefaultPartitioner");
});

test("an attempt that is interrupted is not connected behind its reader's back", async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
  const before = sockets();
  const interrupt = new AbortController();
  const attempt = connectToKeyspaces(aws, settings, { signal: interrupt.signal });
  while (sockets() <= before) await setImmediate();
  interrupt.abort(new Error("interrupted"));
  await expect(attempt).rejects.toThrow("interrupted");
  const look = async () => (sockets() <= before ? { done: true, seen: "" } : { seen: `${sockets()} sockets` });
  await waitUntil("the sockets to be closed", look, { deadlineMs: 60_000 });
});

test("a wrong secret is refused, and the reader hears what may be wrong", async () => {
  const credentials = async () => ({ ...(await aws.credentials()), secretAccessKey: randomBytes(20).toString("hex") });
  await expect(connectToKeyspaces({ ...aws, credentials }, settings)).rejects.toMatchObject({
    message: expect.stringMatching(/^Could not connect to Amazon Keyspaces at .+ as arn:.+: .*Invalid signature/i),
    hint: expect.stringContaining("secret key"),
  });
});

test("credentials that cannot be resolved any more end the attempt instead of hanging it", async () => {
  const credentials = () => Promise.reject(new Error("Token is expired"));
  await expect(connectToKeyspaces({ ...aws, credentials }, settings)).rejects.toMatchObject({
    message: expect.stringContaining("could not be resolved any more"),
    hint: expect.stringContaining("aws sso login"),
  });
});

test("another region's signature is refused", async () => {
  const region = aws.region === "eu-north-1" ? "eu-west-1" : "eu-north-1";
  await expect(connectToKeyspaces({ ...aws, region }, settings)).rejects.toMatchObject({
    message: expect.stringContaining(`in ${region} as`),
    hint: expect.stringContaining("another region"),
  });
});
