import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createResultTables } from "@keyspaces-segmentation/cluster-store";
import { bucketOf } from "@keyspaces-segmentation/cluster-store/dist/buckets.js";
import { applyScaler, featureMatrix, fitScaler } from "@keyspaces-segmentation/customer-clusters";
import { readCustomers } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { prepareFeatures, scoreCustomers } from "@keyspaces-segmentation/invoices";
import { createFaults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import { assignClusters, matrixOf } from "@keyspaces-segmentation/kmeans";
import { generatedCsv } from "../support/retail.js";
import { bucket, csvRows, keyspace, type SparkWorld, startSparkWorld } from "../support/spark_world.js";
import { tableContents } from "../support/table_contents.js";

let world: SparkWorld;
const features = `s3://${bucket}/assigned`;

beforeAll(async () => {
  // The tokens of a new account.
  world = await startSparkWorld("org.apache.cassandra.dht.RandomPartitioner");
  const file = join(world.folder, "generated.csv");
  await writeFile(file, generatedCsv());
  await world.load("generated", file);
  await createResultTables(world.client, { keyspace }, {});
  const run = await world.run("rfm_features.py", { table: "generated", output: features, shards: "2", ranges: "8" });
  expect(run).toMatchObject({ status: 0, reason: "" });
});
afterAll(() => world?.end());

const centroids = [
  [0.1, 0.02, 0.05],
  [0.5, 0.01, 0.04],
  [0.9, 0.01, 0.03],
  [0.02, 0.4, 0.5],
];
const clusters = centroids.map((_, i) => ({ cluster: 10 + i, name: `cluster “${i}”` }));
const runDate = new Date("2011-12-10T08:00:00Z");
const job = {
  features,
  clusters: `s3://${bucket}/model/clusters.json`,
  run_id: "run-1",
  run_date: runDate.toISOString(),
};

test("customers go to their nearest centroids, into both tables and beside the features, no faster than asked", async () => {
  await world.put("model/clusters.json", JSON.stringify({ centroids, clusters }));
  const { customers } = prepareFeatures(
    (await readCustomers(world.client, { keyspace, table: "generated" })).aggregate,
    {
      preparation: "net",
    },
  );
  const scored = scoreCustomers(customers, "net");
  const matrix = featureMatrix(scored);
  const assigned = assignClusters(applyScaler(matrix, fitScaler(matrix, "min_max")), matrixOf(centroids));
  const expected = scored.map((of, i) => ({
    ...of,
    cluster: clusters[assigned.clusters[i]!]!,
    distance: assigned.distances[i]!,
  }));

  const rate = 40;
  const run = await world.run("assign_clusters.py", { ...job, rows_per_second: String(rate) });
  expect(run).toMatchObject({ status: 0, reason: "" });

  const of = (table: string) => tableContents(world.client, { keyspace, table });
  const rows = (await of("customers_of_cluster")).map((row) => JSON.parse(row));
  const byId = (a: { customer_id: string }, b: { customer_id: string }) => (a.customer_id < b.customer_id ? -1 : 1);
  const shared = ({
    recencyDays: recency_days,
    frequency,
    monetary,
    segment,
    distance,
  }: (typeof expected)[number]) => ({
    recency_days,
    frequency,
    monetary,
    segment,
    distance,
    run_id: "run-1",
  });
  expect(rows.sort(byId)).toEqual(
    expected
      .map((customer) => ({
        ...shared(customer),
        customer_id: customer.customerId,
        cluster: customer.cluster.cluster,
        bucket: bucketOf(customer.customerId, 1),
        country: customer.country,
      }))
      .sort(byId),
  );
  const lookups = (await of("cluster_of_customer")).map((row) => JSON.parse(row));
  expect(lookups.sort(byId)).toEqual(
    expected
      .map((customer) => ({
        ...shared(customer),
        customer_id: customer.customerId,
        cluster: customer.cluster.cluster,
        cluster_name: customer.cluster.name,
        run_date: runDate.toISOString(),
      }))
      .sort(byId),
  );

  const objects = await world.objects("assigned");
  const manifest = JSON.parse(objects.get("assignments/run-1/manifest.json")!);
  expect(manifest).toMatchObject({ customers: expected.length, rows_written: 2 * expected.length });
  expect(manifest.inertia).toBeCloseTo(assigned.inertia, 10);
  expect(manifest.clusters.map(({ customers: count }: { customers: number }) => count)).toEqual(
    clusters.map(({ cluster }) => expected.filter((customer) => customer.cluster.cluster === cluster).length),
  );
  const beside = [0, 1].flatMap((part) => csvRows(objects.get(`assignments/run-1/part-0000${part}.csv`)!));
  const ids = [0, 1].flatMap((part) => csvRows(objects.get(`customers/part-0000${part}.csv`)!));
  expect(beside.map(({ customer_id }) => customer_id)).toEqual(ids.map(({ customer_id }) => customer_id));
  // A bound from below alone: how much longer it takes is this machine's business.
  expect(run.seconds).toBeGreaterThan((2 * expected.length) / rate - 2);
});

test("as many rows are under way as the rate needs, however few objects there are", async () => {
  await world.put("model/clusters.json", JSON.stringify({ centroids, clusters }));
  const customers = Array.from({ length: 2000 }, (_, i) => `${i},France,${i},2,${i},1,1,1,Hibernating\n`);
  const object = { key: "customers/part-00000.csv", rows: customers.length };
  const scaler = { scaling: "min_max", offset: [0, 0, 0], factor: [0.0005, 0.5, 0.0005] };
  const train = { rows: customers.length, scaler };
  const header = "customer_id,country,recency_days,frequency,monetary,r,f,m,segment\n";
  await world.put(`one-object/${object.key}`, `${header}${customers.join("")}`);
  await world.put("one-object/manifest.json", JSON.stringify({ train, customers: { objects: [object] } }));
  const ofOne = { ...job, features: `s3://${bucket}/one-object`, run_id: "run-2", rows_per_second: "8000" };
  const [wanted, answerMs] = [100, 20_000];
  const arrivals: number[] = [];
  const faults = createFaults({
    delayMs: ({ writes }) => {
      if (writes) arrivals.push(performance.now());
      return arrivals.length > wanted ? 0 : answerMs;
    },
  });
  const gateway = await world.gatewayWith({ faults });
  const run = await world.run("assign_clusters.py", ofOne, { gateway });
  expect(run).toMatchObject({ status: 0, reason: "" });
  // None of them had been answered when the last of them came.
  expect(arrivals[wanted - 1]! - arrivals[0]!).toBeLessThan(answerMs);
});

test("clusters that do not fit are named", async () => {
  await world.put("model/clusters.json", JSON.stringify({ centroids, clusters: clusters.slice(1) }));
  const run = await world.run("assign_clusters.py", job);
  expect(run).toMatchObject({
    status: 1,
    reason: `assign_clusters failed: read the clusters in ${job.clusters}: there has to be a cluster for each centroid of 3 numbers`,
  });
});
