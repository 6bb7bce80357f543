import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createFaults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import type { Gateway, GatewayOptions } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { assigned, assignmentJob, resultTables } from "../support/spark_assignment.js";
import { bucket, featuresOf, type SparkWorld, startGeneratedWorld } from "../support/spark_world.js";

// The one node is gone for a while: connections end all at once, and new ones are refused.

const DOWN_MS = 12_000;

let world: SparkWorld;
let features: Map<string, string>;
let rows: string[][];

beforeAll(async () => {
  world = await startGeneratedWorld();
  features = await featuresOf(world, "undisturbed");
  rows = await assigned(world, { prefix: "undisturbed", run_id: "undisturbed" });
  expect(rows.map(({ length }) => length > 50)).toEqual([true, true]);
});
afterAll(() => world?.end());

/** A gateway that is closed as often as one of the conditions comes to hold, in their order, and opened again at its port after a while. */
async function restartingGateway(
  options: Partial<GatewayOptions>,
  conditions: readonly ((gateway: Gateway) => boolean)[],
) {
  const first = await world.gatewayWith(options);
  const ended = new AbortController();
  let restarts = 0;
  const restart = async (): Promise<void> => {
    let gateway = first;
    for (const holds of conditions) {
      while (!holds(gateway)) await delay(20, undefined, { signal: ended.signal });
      await gateway.close();
      await delay(DOWN_MS);
      gateway = await world.gatewayWith({ ...options, port: first.port });
      restarts++;
    }
  };
  const restarted = restart().catch(() => undefined);
  const end = async (): Promise<number> => {
    ended.abort();
    await restarted;
    return restarts;
  };
  return { gateway: first, end };
}

const unitsOf = (gateway: Gateway, table: string) => gateway.units()[table] ?? { read: 0, written: 0 };

test("features are the same where the service is gone twice while the table is read", async () => {
  const options = { faults: createFaults({ delayMs: 100 }), pages: { maxBytes: 16_384 } };
  const hasRead = (gateway: Gateway) => unitsOf(gateway, "spark.generated").read > 40;
  const { gateway, end } = await restartingGateway(options, [hasRead, hasRead]);
  try {
    expect(await featuresOf(world, "gone", { gateway })).toEqual(features);
  } finally {
    expect(await end()).toBe(2);
  }
});

test("an assignment is whole where the service is gone while each of its tables is written", async () => {
  const conditions = resultTables.map((table) => (gateway: Gateway) => unitsOf(gateway, table).written > 20);
  const { gateway, end } = await restartingGateway({}, conditions);
  try {
    const job = { prefix: "undisturbed", run_id: "gone", rows_per_second: "40" };
    expect(await assigned(world, job, { gateway })).toEqual(rows);
  } finally {
    expect(await end()).toBe(2);
  }
});

test("an assignment is whole where every connection ends again and again", async () => {
  const faults = createFaults({ tables: Object.fromEntries(resultTables.map((table) => [table, { drop: 0.1 }])) });
  const gateway = await world.gatewayWith({ faults });
  expect(await assigned(world, { prefix: "undisturbed", run_id: "dropped" }, { gateway })).toEqual(rows);
  expect(faults.injected.dropped).toBeGreaterThan(5);
});

test.each([
  [
    "reads",
    /^rfm_features failed: read spark\.generated: no answer from Amazon Keyspaces within \d+ s; after \d+ attempts it was still: .*Connection refused/,
  ],
  [
    "writes",
    /^assign_clusters failed: write to spark\.customers_of_cluster: no answer from Amazon Keyspaces within \d+ s; after \d+ attempts it was still: .*Connection refused/,
  ],
])(
  "a job that %s fails where the service does not come back in time, and says what was seen last",
  async (what, reason) => {
    const gateway = await world.gatewayWith({ faults: createFaults({ delayMs: 50 }), pages: { maxBytes: 16_384 } });
    const options = { gateway, conf: { "spark.keyspaces.patience": "4s" } };
    const output = `s3://${bucket}/never-${what}`;
    const run =
      what === "reads"
        ? world.run("rfm_features.py", { table: "generated", ranges: "8", output }, options)
        : world.run(
            "assign_clusters.py",
            await assignmentJob(world, { prefix: "undisturbed", run_id: "never", rows_per_second: "40" }),
            options,
          );
    const units = () =>
      what === "reads" ? unitsOf(gateway, "spark.generated").read : unitsOf(gateway, resultTables[0]!).written;
    let hasEnded = false;
    void run.finally(() => {
      hasEnded = true;
    });
    while (units() < 20 && !hasEnded) await delay(20);
    await gateway.close();
    expect(await run).toMatchObject({ status: 1, reason: expect.stringMatching(reason) });
    expect([...(await world.objects(`never-${what}`)).keys()]).toEqual([]);
  },
);
