import { getEventListeners } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import {
  deleteOwnObjects,
  downloadObject,
  objectExists,
  readObject,
  uploadBytes,
} from "@keyspaces-segmentation/aws-session";
import { saveClusters } from "@keyspaces-segmentation/cluster-store/dist/results.js";
import { onAbort, pause } from "@keyspaces-segmentation/common/dist/abort.js";
import { waitUntil } from "@keyspaces-segmentation/common/dist/wait.js";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { connectToKeyspaces, readRows } from "@keyspaces-segmentation/keyspaces-bulk";
import { createRowWriter } from "@keyspaces-segmentation/keyspaces-bulk/dist/row_writer.js";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { buildKdTree } from "@keyspaces-segmentation/kmeans/dist/kd_tree.js";
import { inThreads } from "@keyspaces-segmentation/kmeans/dist/threads.js";
import { type Client, errors, types } from "cassandra-driver";
import { clusteredCustomers } from "../support/clustered_customers.js";
import { withEnvironment } from "../support/environment.js";
import { freePort } from "../support/free_port.js";
import { type ScriptedAws, startScriptedAws } from "../support/scripted_aws.js";
import { sessionOf } from "../support/session.js";

let aws: ScriptedAws;
let folder: string;
beforeAll(async () => {
  const versions =
    "<ListVersionsResult><Name>b</Name><Version><Key>p/x</Key><VersionId>1</VersionId></Version></ListVersionsResult>";
  const uploads = "<ListMultipartUploadsResult><Bucket>b</Bucket></ListMultipartUploadsResult>";
  aws = await startScriptedAws(async ({ path }) => {
    await pause(20);
    return [200, path.includes("versions") ? versions : path.includes("uploads") ? uploads : "an object"];
  });
  folder = await mkdtemp(join(tmpdir(), "abort-"));
});
afterAll(async () => {
  await aws.stop();
  await rm(folder, { recursive: true });
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.url }));

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

/** The most listeners that a signal has while `work` goes on; Node warns of more than ten. */
async function mostListeners(work: (signal: AbortSignal) => Promise<unknown>): Promise<{ most: number; left: number }> {
  const { signal } = new AbortController();
  let most = 0;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    add(...args);
    most = Math.max(most, listenersOf(signal));
  };
  await work(signal);
  return { most, left: listenersOf(signal) };
}

const many = (count: number, work: (i: number) => Promise<unknown>): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));

/** Fails each statement, or each of so many, once, as a service does that has too much to do. */
function throttled(each = 1): <T>(statement: unknown, answer: T) => Promise<T> {
  const seen = new Set<string>();
  return async (statement, answer) => {
    const key = JSON.stringify(statement);
    if (seen.has(key)) return answer;
    seen.add(key);
    if (seen.size % each > 0) return answer;
    throw new errors.ResponseError(types.responseErrorCodes.writeTimeout, "throttled");
  };
}

describe("one signal, many waits", () => {
  const s3 = { bucket: "b", key: "k" };
  const session = sessionOf();
  const tree = buildKdTree(matrixOf([[1], [2], [9]]));
  // Pauses before further attempts are of a random length: here they are short ones.
  beforeAll(() => {
    jest.spyOn(Math, "random").mockReturnValue(0.02);
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });
  test.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ["pauses", (signal) => many(1000, () => pause(1, signal))],
    [
      "waits for something to happen",
      (signal) =>
        many(50, () => {
          let looks = 0;
          const look = async () => (looks++ > 1 ? { done: true, seen: "there" } : { seen: "not yet" });
          return waitUntil("it", look, { deadlineMs: 60_000, firstDelayMs: 1, signal });
        }),
    ],
    [
      "clusters of 2,000 customers, saved while the service throttles",
      async (signal) => {
        const { customers, clusters: profiles } = clusteredCustomers(2000);
        const answer = throttled(20);
        const client = {
          batch: (statements: unknown) => answer(statements, undefined),
          getState: () => ({ getConnectedHosts: () => ["host"], getOpenConnections: () => 2 }),
        } as unknown as Client;
        const run = { runId: "r", runDate: new Date(0), profiles, customers };
        const saved = await saveClusters(client, { keyspace: "ks" }, run, { signal });
        expect(saved.customers).toBe(2000);
      },
    ],
    [
      "rows written while the service throttles, below a rate",
      (signal) => {
        const answer = throttled();
        const client = {
          insertRows: (_: string, rows: unknown) => answer(rows, undefined),
          getState: () => ({ getConnectedHosts: () => ["host"], getOpenConnections: () => 2 }),
        } as unknown as KeyspacesClient;
        const writer = createRowWriter(client, "INSERT", { maxRowsPerSecond: 2000, giveUpAfterMs: 60_000, signal });
        return many(200, (i) => {
          const values = { slab: Buffer.from(String(i)), start: 0, end: 1 };
          return writer.store([{ values, lineNumber: i, original: "" }]);
        });
      },
    ],
    [
      "rows read while the service throttles",
      (signal) => {
        const answer = throttled();
        const execute = (_: string, params: unknown) => answer(params, { rows: [], pageState: null });
        return many(50, (i) => readRows({ execute } as unknown as Client, "SELECT", [i], { signal }));
      },
    ],
    ["uploads", (signal) => many(40, () => uploadBytes(session, s3, "x", { signal }))],
    ["objects read", (signal) => many(40, () => readObject(session, s3, { signal }))],
    ["objects looked for", (signal) => many(40, () => objectExists(session, s3, { signal }))],
    ["downloads", (signal) => many(40, (i) => downloadObject(session, s3, join(folder, String(i)), { signal }))],
    [
      "objects deleted",
      (signal) => many(40, () => deleteOwnObjects(session, { bucket: "b", prefix: "p/" }, { signal })),
    ],
    [
      "threads",
      (signal) =>
        many(3, () =>
          inThreads({ signal, threads: 1 }, { rows: 3, jobs: 1 }, async (threads) => {
            threads.share(tree);
            await threads.run("start", { k: 2, seed: 1, stop: { maxIterations: 10, enough: 0 } });
          }),
        ),
    ],
    [
      "connections that are refused",
      async (signal) => {
        const settings = { keyspacesEndpoint: { host: "127.0.0.1", port: await freePort() }, keyspacesCaFile: null };
        const connect = () => connectToKeyspaces(sessionOf(), settings, { signal }).catch(() => undefined);
        await many(12, connect);
      },
    ],
  ])("%s put at most one listener on it, and leave none", async (_name, work) => {
    const { most, left } = await mostListeners(work);
    expect(most).toBeLessThanOrEqual(1);
    expect(left).toBe(0);
  });
});

describe("when the signal is aborted", () => {
  test("every pause ends with its reason, also one that begins afterwards", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const pauses = Array.from({ length: 30 }, () => pause(60_000, controller.signal));
    controller.abort(reason);
    for (const each of [...pauses, pause(60_000, controller.signal)]) await expect(each).rejects.toBe(reason);
    expect(listenersOf(controller.signal)).toBe(0);
  });

  test("what was taken back is not called, and what listens late is called at once", () => {
    const controller = new AbortController();
    const called: string[] = [];
    const release = onAbort(controller.signal, () => called.push("taken back"));
    onAbort(controller.signal, () => called.push("kept"));
    release();
    release();
    controller.abort();
    onAbort(controller.signal, () => called.push("late"));
    expect(called).toEqual(["kept", "late"]);
  });

  test.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ["requests to AWS", (signal) => readObject(sessionOf(), { bucket: "b", key: "k" }, { signal })],
    ["waits", (signal) => waitUntil("it", async () => ({ seen: "no" }), { deadlineMs: 60_000, signal })],
  ])("%s end with its reason", async (_name, work) => {
    const controller = new AbortController();
    const works = Array.from({ length: 20 }, () => work(controller.signal));
    setImmediate(() => controller.abort(new Error("enough")));
    for (const each of works) await expect(each).rejects.toThrow("enough");
  });
});
