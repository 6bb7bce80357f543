import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createFaults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import { driverWith } from "../support/descendants.js";
import type { SparkRun } from "../support/spark.js";
import { assigned, assignedRows, assignmentJob, resultTables } from "../support/spark_assignment.js";
import { bucket, type SparkWorld, startGeneratedWorld, type WorldOptions } from "../support/spark_world.js";

// The process that has everything in its hands is killed: nobody is left to say why, or to do anything about it.

let world: SparkWorld;
let undisturbed: Map<string, string>;

beforeAll(async () => {
  world = await startGeneratedWorld();
  expect(await features("undisturbed")).toMatchObject({ status: 0, reason: "" });
  undisturbed = await world.objects("undisturbed");
});
afterAll(() => world?.end());

const features = (prefix: string, options: WorldOptions = {}): Promise<SparkRun> =>
  world.run(
    "rfm_features.py",
    { table: "generated", shards: "2", ranges: "8", output: `s3://${bucket}/${prefix}` },
    options,
  );

type Kind = "java" | "python";

/** How a run ends whose driver, which was started with a text, is killed as soon as something holds. */
async function killedWhen(
  run: Promise<SparkRun>,
  { text, kind, holds }: { text: string; kind: Kind; holds: () => boolean | Promise<boolean> },
): Promise<SparkRun> {
  let hasEnded = false;
  void run.finally(() => {
    hasEnded = true;
  });
  while (!(await holds())) {
    if (hasEnded) throw new Error(`It came to its end before it could be killed: ${(await run).reason}`);
    await delay(20);
  }
  const pid = driverWith(text, kind);
  if (pid === undefined) throw new Error(`There is no driver (${kind}) of ${text}`);
  process.kill(pid, "SIGKILL");
  return run;
}

test.each<[Kind, "reads" | "writes"]>([
  ["java", "reads"],
  ["python", "reads"],
  ["java", "writes"],
  ["python", "writes"],
])(
  "features whose driver (%s) is killed while it %s have no manifest, and once more in the same place are the same",
  async (kind, what) => {
    const prefix = `killed-${kind}-${what}`;
    const gateway = await world.gatewayWith({ faults: createFaults({ delayMs: 50 }), pages: { maxBytes: 16_384 } });
    const hasRead = () => (gateway.units()["spark.generated"]?.read ?? 0) > 30;
    const hasWritten = async () => (await world.objects(prefix)).size > 0;
    const text = `s3://${bucket}/${prefix}`;
    const run = await killedWhen(features(prefix, { gateway }), {
      text,
      kind,
      holds: what === "reads" ? hasRead : hasWritten,
    });
    expect(run.status).not.toBe(0);
    expect([...(await world.objects(prefix)).keys()]).not.toContain("manifest.json");

    expect(await features(prefix)).toMatchObject({ status: 0, reason: "" });
    expect(await world.objects(prefix)).toEqual(undisturbed);
  },
);

test.each<[Kind]>([["java"], ["python"]])(
  "an assignment whose driver (%s) is killed has no manifest, or one that says so, and once more is whole",
  async (kind) => {
    const rows = await assigned(world, { prefix: "undisturbed", run_id: `whole-${kind}` });
    const job = { prefix: "undisturbed", run_id: `killed-${kind}`, rows_per_second: "40" };
    const manifestOf = async () =>
      (await world.objects("undisturbed")).get(`assignments/${job.run_id}/manifest.json`) ?? "null";
    const kill = async (): Promise<void> => {
      const gateway = await world.gatewayWith({});
      const given = await assignmentJob(world, job);
      const holds = () => (gateway.units()[resultTables[0]!]?.written ?? 0) > 20;
      const run = await killedWhen(world.run("assign_clusters.py", given, { gateway }), {
        text: job.run_id,
        kind,
        holds,
      });
      expect(run.status).not.toBe(0);
      expect((await assignedRows(world, job.run_id))[0]!.length).toBeGreaterThan(20);
    };
    await kill();
    expect(JSON.parse(await manifestOf())).toBeNull();

    expect(await assigned(world, { ...job, rows_per_second: "1000" })).toEqual(rows);
    expect(JSON.parse(await manifestOf())).toMatchObject({
      customers: rows[0]!.length,
      rows_written: 2 * rows[0]!.length,
    });

    // Over one that was complete.
    await kill();
    expect(JSON.parse(await manifestOf())).toEqual({ version: 1, run_id: job.run_id, incomplete: true });
    expect(await assigned(world, { ...job, rows_per_second: "1000" })).toEqual(rows);
    expect(JSON.parse(await manifestOf())).toMatchObject({ customers: rows[0]!.length });
  },
);
