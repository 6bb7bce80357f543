import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { loadFile } from "@keyspaces-segmentation/invoice-store/dist/load_file.js";
import { readCustomers } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { type Preparation, prepareFeatures } from "@keyspaces-segmentation/invoices";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { generateRetailCsv } from "../../local/data/generate.js";
import { invoiceFile } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { realFile } from "../support/real_data.js";
import { testOnRealData } from "../support/retail.js";
import { tableContents } from "../support/table_contents.js";

const it = withKeyspace();
const [header = "", ...generated] = generateRetailCsv({ seed: 21, customers: 30 }).trimEnd().split("\n");
const preparations: readonly Preparation[] = ["net", "sales", "as_published"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "split-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Loads parts of the file, one after the other, into a table of their own, and gives the table and its customers. */
async function loaded(
  table: string,
  records: readonly string[],
  parts: readonly (readonly [from: number, to?: number])[],
) {
  const name = { keyspace: it.keyspace, table };
  await createRetailTable(it.client, name);
  let lines = 0;
  for (const [i, [from, to]] of parts.entries()) {
    const path = join(folder, `${table}-${i}.csv`);
    await writeFile(path, `${[header, ...records.slice(from, to)].join("\n")}\n`);
    const rejectsFile = join(folder, `${table}-${i}`, "rejects.csv");
    const { stored, overlap } = await loadFile(
      it.client,
      name,
      { file: await invoiceFile(path), uri: path },
      { rejectsFile, maxRejects: "90%" },
    );
    lines += stored - overlap.same.lines;
  }
  const scan = await readCustomers(it.client, name);
  // What the reports say adds up to what is there.
  expect(scan.lines).toBe(lines);
  const customers = preparations.map((preparation) => prepareFeatures(scan.aggregate, { preparation }).customers);
  return { rows: await tableContents(it.client, name), ledger: scan.ledger, customers };
}

const invoiceOf = (record = ""): string => record.slice(0, record.indexOf(","));

/** A line at which no two equal lines of one invoice come to lie in two files, where they would be one line. */
function cutNear(records: readonly string[], line: number): number {
  const before = (cut: number) =>
    new Set(records.slice(0, cut).filter((of) => invoiceOf(of) === invoiceOf(records[cut])));
  let cut = line;
  while (records.slice(cut).some((record) => before(cut).has(record))) cut++;
  return cut;
}

test("a shop's file that is cut at any line into files, overlapping or not, gives the same table and the same customers", async () => {
  const records = generated;
  const whole = await loaded("whole", records, [[0]]);
  const random = seededRandom(8);
  for (let i = 0; i < 4; i++) {
    const [first = 0, second = 0] = [random(), random()]
      .map((share) => cutNear(records, 1 + Math.floor(share * (records.length - 2))))
      .sort((a, b) => a - b);
    const back = Math.floor(random() * 150);
    const parts = [
      [[0, first], [first]],
      [[0, first], [first, second], [second]],
      [[0, second], [Math.max(0, first - back)]],
      [[0, first], [Math.max(0, first - back), second], [Math.max(0, second - back)]],
    ][i] as [number, number?][];
    expect(await loaded(`parts_${i}`, records, parts)).toEqual(whole);
  }
});

testOnRealData("so does the real file, cut inside an invoice", async () => {
  const records = readFileSync(realFile, "utf8").trimEnd().split("\n").slice(1);
  const middle = records.findIndex(
    (record, i) => i > records.length / 2 && invoiceOf(record) === invoiceOf(records[i - 1]),
  );
  const cut = cutNear(records, middle);
  expect(invoiceOf(records[cut])).toBe(invoiceOf(records[cut - 1]));
  const whole = await loaded("real", records, [[0]]);
  expect(await loaded("real_halves", records, [[0, cut], [cut]])).toEqual(whole);
  expect(await loaded("real_overlapping", records, [[0, cut], [cut - 1000]])).toEqual(whole);
});
