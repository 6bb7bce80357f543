import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, expect, test } from "@jest/globals";
import { NOTEBOOK } from "@keyspaces-segmentation/local-support";
import type { Summary } from "../../src/summary.js";
import { executeCells, textOf } from "../support/notebook.js";
import { generatedCsv } from "../support/retail.js";

const folder = mkdtempSync(join(tmpdir(), "rerun-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Cell {
  id: string;
  cell_type: string;
  source: string[];
}
const cells = (JSON.parse(readFileSync(NOTEBOOK, "utf8")) as { cells: Cell[] }).cells.filter(
  ({ cell_type }) => cell_type === "code",
);

test("every cell can be run again, and nothing breaks or doubles", async () => {
  const twice = cells.flatMap(({ id, source }) => [
    { id, source },
    { id: `${id}, again`, source },
  ]);
  // And from the end back to the middle, as the last cell says: connect, and there is all to do again.
  const back = cells.filter(({ id }) => ["connect", "create", "download", "ingest", "clean", "close"].includes(id));
  // Two of each still picture take a fifth of all, and nobody looks at them.
  const still = "@keyspaces-segmentation/notebook-charts/dist/still/still.js";
  twice.unshift({ id: "no pictures", source: [`require("${still}").renderStill = async () => Uint8Array.of(0);`] });
  twice.push(...back.map(({ id, source }) => ({ id: `${id}, after the end`, source })));
  const s3 = new S3Client({});
  const data = { Bucket: process.env.SEGMENTATION_DATA_BUCKET, Key: "rerun.csv" };
  await s3.send(new PutObjectCommand({ ...data, Body: generatedCsv() }));
  s3.destroy();
  const { outputs, remove } = await executeCells(
    twice.map(({ source }) => source.join("")),
    {
      SEGMENTATION_HEADLESS: "1",
      SEGMENTATION_OUTPUT_DIRECTORY: folder,
      SEGMENTATION_KEYSPACE: "rerun",
      SEGMENTATION_DATA_KEY: data.Key,
      SEGMENTATION_PREFIX: "rerun",
      TMPDIR: folder,
    },
    "checkout",
  );
  try {
    const errors = outputs.flatMap((of, i) =>
      of.filter(({ name }) => name === "stderr").map(({ text }) => `${twice[i]!.id}: ${textOf(text)}`),
    );
    expect(errors).toEqual([]);
    const { ledger, customers, clusters } = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary;
    expect(readdirSync(folder).filter((name) => name.startsWith("retail-data-"))).toEqual([]);
    expect(ledger.earlier).toBe(0);
    expect(ledger.bins).toEqual(ledger.file.bins);
    expect(clusters.reduce((sum, cluster) => sum + cluster.customers, 0)).toBe(customers);
  } finally {
    await remove();
  }
});
