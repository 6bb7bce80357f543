import { readFileSync } from "node:fs";
import { HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "@jest/globals";
import { generateRetailCsv } from "../../local/data/generate.js";
import { fixture, type RetailOracle } from "../support/oracle.js";
import { realFile } from "../support/real_data.js";
import { parseText, testOnRealData } from "../support/retail.js";
import { segment } from "../support/segment.js";
import { kmsKey, sharedName, sharedRun } from "../support/shared_run.js";

/** The keys that the objects below a prefix are encrypted with, and how many objects there are. */
async function keysBelow(prefix: string): Promise<{ objects: number; keys: (string | undefined)[] }> {
  const s3 = new S3Client({});
  const Bucket = `sagemaker-${process.env.AWS_REGION}-${await accountOf()}`;
  const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
  const heads = objects.map(({ Key }) => s3.send(new HeadObjectCommand({ Bucket, Key })));
  const keys = (await Promise.all(heads)).map(({ SSEKMSKeyId }) => SSEKMSKeyId);
  s3.destroy();
  return { objects: objects.length, keys: [...new Set(keys)] };
}

async function accountOf(): Promise<string | undefined> {
  const sts = new STSClient({});
  const { Account } = await sts.send(new GetCallerIdentityCommand());
  sts.destroy();
  return Account;
}

const oracle = fixture<RetailOracle>("generated.json");

test("the shared run: every object is encrypted with the key that was asked for", async () => {
  await sharedRun();
  const { objects, keys } = await keysBelow(`${sharedName}/`);
  expect(keys).toEqual([`arn:aws:kms:${process.env.AWS_REGION}:${await accountOf()}:key/${kmsKey}`]);
  // What was read, four parts of training data, model, input and output of the transform, five results, the registry entry.
  expect(objects).toBe(14);
});

test.each([
  { preparation: "net", scaling: "min_max", k: 6, scoring: "batch_transform", run: sharedRun },
  {
    preparation: "as_published",
    scaling: "log_standard",
    k: 4,
    scoring: "endpoint",
    run: () =>
      segment("oracle_4", generateRetailCsv({ seed: oracle.seed, customers: oracle.customers }), {
        SEGMENTATION_FORMAT: "recordio",
        SEGMENTATION_SPOT: "true",
        SEGMENTATION_SCORING: "endpoint",
        SEGMENTATION_PREPARATION: "as_published",
        SEGMENTATION_SCALING: "log_standard",
        SEGMENTATION_K: "4",
      }),
  },
] as const)(
  "$preparation, $scaling, k = $k: what pandas and scikit-learn find",
  async ({ preparation, scaling, k, scoring, run }) => {
    const { summary, customers, clusters, rejects, assignedIn } = await run();
    const expected = oracle.preparations[preparation];

    expect(summary.ledger).toMatchObject({ stored: oracle.lines, rejected: oracle.rejects.length });
    expect(summary.dataset.lines).toBe(oracle.lines + oracle.rejects.length);
    expect(rejects.map(([lineNumber]) => Number(lineNumber))).toEqual(oracle.rejects);
    const bins = summary.ledger.bins.filter(({ lines }) => lines > 0);
    expect(Object.fromEntries(bins.map(({ bin, lines, amount }) => [bin, [lines, amount]]))).toEqual(oracle.ledger);
    // What came back from Keyspaces is what went in, and with the rejects it is the file.
    expect(summary.ledger.file.bins).toEqual(summary.ledger.bins);
    expect(summary.ledger.file.lines).toBe(summary.dataset.lines);

    const found = customers.map((row) => [...row.slice(0, 2), ...row.slice(2, 8).map(Number), row[8]]);
    const byId = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
    expect(found.toSorted(byId)).toEqual(expected.customers.toSorted(byId));

    // SageMaker's algorithm is not scikit-learn's: its result may be a little worse than the best, and never better.
    const best = expected.clusters[scaling][String(k)]!.inertia;
    expect(summary.training.inertia).toBeGreaterThan(0.9999 * best);
    expect(summary.training.inertia).toBeLessThan(1.1 * best);
    expect(clusters).toHaveLength(k);
    expect(assignedIn("new")).toHaveLength(3);
    expect(assignedIn(scoring === "endpoint" ? "endpoint" : "transform")).toEqual(assignedIn("new"));
    expect(clusters.map((row) => Number(row[2])).reduce((sum, size) => sum + size)).toBe(expected.customers.length);
  },
);

testOnRealData("every line of the real data is accounted for", async () => {
  const csv = readFileSync(realFile);
  const net = await segment("real", csv, { SEGMENTATION_CLEAN_UP: "false" });
  expect(net.summary.dataset.lines).toBe(14_269);
  expect(net.summary.ledger.stored + net.summary.ledger.rejected).toBe(14_269);
  // Read back from the table: had the 73 repeated lines been merged, they would be missing here.
  expect(net.summary.ledger.bins.reduce((sum, { lines }) => sum + lines, 0)).toBe(14_269);
  expect(net.summary.customers).toBe(157);

  const published = await segment("real", csv, { SEGMENTATION_PREPARATION: "as_published" });
  expect(published.summary.customers).toBe(159);
  const { lines } = await parseText(csv.toString("utf8"));
  const ids = new Set(lines.flatMap(({ customerId }) => customerId ?? []));
  expect(new Set(published.customers.map(([id]) => id))).toEqual(ids);
});
