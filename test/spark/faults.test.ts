import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { createFaults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import { type Identity, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { descendantsWith } from "../support/descendants.js";
import { generatedCsv } from "../support/retail.js";
import { assigned } from "../support/spark_assignment.js";
import {
  bucket,
  featuresOf,
  keyspace,
  type SparkWorld,
  serveCredentials,
  startGeneratedWorld,
  type WorldOptions,
} from "../support/spark_world.js";

let world: SparkWorld;
let undisturbed: Map<string, string>;

beforeAll(async () => {
  world = await startGeneratedWorld();
  undisturbed = await features("undisturbed");
  expect([...undisturbed.keys()]).toEqual(expect.arrayContaining(["manifest.json", "train/part-00001.csv"]));
});
afterAll(() => world?.end());

const features = (prefix: string, options: WorldOptions = {}): Promise<Map<string, string>> =>
  featuresOf(world, prefix, options);

test("empty pages and short ones change nothing", async () => {
  const gateway = await world.gatewayWith({ pages: { emptyScanPages: 0.6, maxBytes: 4096 } });
  expect(await features("pages", { gateway })).toEqual(undisturbed);
  // Every page is told, the empty ones too.
  const [plain, short] = [await world.readCounts("undisturbed"), await world.readCounts("pages")];
  expect(plain).toMatchObject({ ranges: 8, pages: 8 });
  expect(short.pages).toBeGreaterThan(100);
  // A page is a read unit at least, at LOCAL_QUORUM; of 107 bytes a row, 38 rows are one.
  expect(plain.read_units).toBeGreaterThan(generatedCsv().split("\n").length / 40);
  expect(short.read_units).toBeGreaterThanOrEqual(short.pages);
});

test("neither does a table that is throttled, with requests that time out and fail", async () => {
  const faults = createFaults({
    errors: [
      { code: 0x1200, rate: 0.15 },
      { code: 0x0000, rate: 0.05 },
    ],
  });
  const gateway = await world.gatewayWith({
    throughput: { tableReadUnits: 40 },
    pages: { maxBytes: 16_384 },
    faults,
  });
  expect(await features("throttled", { gateway })).toEqual(undisturbed);
  expect([...faults.injected.errors.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(5);
});

test("neither do connections that end and credentials that expire while it runs: those that come after them are asked for", async () => {
  const identities: Identity[] = [];
  // Short enough for several in one run, and renewed by the clients before they end.
  const renew = (): Identity => {
    const next = { ...temporaryIdentity(), expires: new Date(Date.now() + 20_000) };
    identities.push(next);
    return next;
  };
  const server = await serveCredentials(renew);
  const faults = createFaults({ dropAfterFrames: [25, 50] });
  const gateway = await world.gatewayWith({ identities, faults, pages: { maxBytes: 4096 } });
  try {
    const environment = { AWS_CONTAINER_CREDENTIALS_FULL_URI: server.url };
    expect(await features("renewed", { gateway, environment })).toEqual(undisturbed);
  } finally {
    server.close();
  }
  expect(server.asked()).toBeGreaterThan(2);
  expect(faults.injected.dropped).toBeGreaterThan(0);
});

test("neither does an executor that is killed half-way", async () => {
  const gateway = await world.gatewayWith({ faults: createFaults({ delayMs: 100 }), pages: { maxBytes: 16_384 } });
  let killed = 0;
  const onLog = (log: string): void => {
    // Its tasks have begun to read.
    if (killed > 0 || !/Found the keyspaces\.conf locally/.test(log)) return;
    const executor = descendantsWith("CoarseGrainedExecutorBackend").find(({ args }) => args.includes("java"));
    if (executor === undefined) return;
    killed = executor.pid;
    process.kill(killed, "SIGKILL");
  };
  const conf = { "spark.log.level": "INFO", "spark.executor.memory": "512m" };
  const master = "local-cluster[2,1,512]";
  expect(await features("killed", { gateway, master, onLog, conf })).toEqual(undisturbed);
  expect(killed).toBeGreaterThan(0);
});

test("a table that changes while it is read again, as executors are lost, gives no features rather than those of two readings", async () => {
  const prefix = "changed";
  await world.load("changing", join(world.folder, "generated.csv"));
  const job = { table: "changing", shards: "2", ranges: "8", output: `s3://${bucket}/${prefix}` };
  const conf = { "spark.executor.memory": "512m" };
  const run = world.run("rfm_features.py", job, { master: "local-cluster[2,1,512]", conf });
  const begun = async () => {
    const { size } = await world.objects(prefix);
    return { done: size > 0, seen: `${size} objects` };
  };
  await waitUntil("objects of the features", begun, { deadlineMs: 120_000, firstDelayMs: 20, maxDelayMs: 50 });
  await world.client.execute(
    `INSERT INTO ${keyspace}.changing (invoice, stock_code, line, quantity, invoice_date, price, customer_id)
     VALUES ('999999', '85048', 1, 1, '2011-01-01', 1000000, '99999')`,
  );
  for (const { pid, args } of descendantsWith("CoarseGrainedExecutorBackend"))
    if (args.includes("java")) process.kill(pid, "SIGKILL");
  expect(await run).toMatchObject({ reason: expect.stringContaining("spark.changing: it has changed since") });
  expect([...(await world.objects(prefix)).keys()]).not.toContain("manifest.json");
});

test("an assignment is whole as well where writes are throttled and fail within the service", async () => {
  const whole = await assigned(world, { prefix: "undisturbed", run_id: "quiet" });
  expect(whole[0]!.length).toBeGreaterThan(50);
  const faults = createFaults({
    errors: [
      { code: 0x1100, rate: 0.2 },
      { code: 0x0000, rate: 0.05 },
      { code: 0x1000, rate: 0.05 },
      { code: 0x1001, rate: 0.05 },
      { code: 0x1500, rate: 0.05 },
    ],
  });
  const gateway = await world.gatewayWith({ faults, throughput: { tableWriteUnits: 20, burstSeconds: 1 } });
  expect(await assigned(world, { prefix: "undisturbed", run_id: "disturbed" }, { gateway })).toEqual(whole);
  expect([...faults.injected.errors.keys()].sort()).toEqual([0x0000, 0x1000, 0x1001, 0x1100, 0x1500]);
});
