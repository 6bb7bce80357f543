import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type FileWeight, weighFile } from "@keyspaces-segmentation/invoice-store";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { chanceOf } from "../../../local/data/chance.js";
import { HEADER, quoted } from "../../../local/data/generate.js";
import { recordsOf } from "../../../local/data/sized.js";
import { invoiceFile } from "../../../test/support/invoice_files.js";

type Records = readonly (readonly string[])[];

const LINES = 60_000;
const records: Records = [...recordsOf(chanceOf(seededRandom(7)), { lines: LINES, customers: 2500 })].map(
  ({ fields }) => fields,
);
const [INVOICE, CUSTOMER] = [0, 6];
/** Some of the ids are written as numbers with a fraction. */
const countOf = (at: number): number =>
  new Set(records.map((fields) => fields[at]!.replace(/\.0$/, "")).filter((id) => id !== "")).size;
const exact = { customers: countOf(CUSTOMER), invoices: countOf(INVOICE) };

function shuffled(given: Records): Records {
  const random = seededRandom(11);
  const keyed = given.map((fields) => ({ fields, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ fields }) => fields);
}

const orders: Readonly<Record<string, Records>> = {
  "by date": records,
  "newest first": records.toReversed(),
  "by customer": records.toSorted((a, b) => Number(a[CUSTOMER]) - Number(b[CUSTOMER])),
  shuffled: shuffled(records),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weigh-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function weighed(lines: Records, atMost?: number): Promise<FileWeight> {
  const path = join(folder, "lines.csv");
  await writeFile(path, [HEADER, ...lines.map((fields) => fields.map(quoted).join(","))].join("\n"));
  const { size } = await stat(path);
  const weigh = () => ({ bytes: 100, units: 1 });
  return weighFile(await invoiceFile(path), { weigh, fileBytes: size, ...(atMost !== undefined && { atMost }) });
}

test.each(Object.entries(orders))("of a long file, %s, each customer and invoice is counted once", async (_, lines) => {
  const { isWhole, customers, invoices } = await weighed(lines);
  expect(isWhole).toBe(true);
  expect(customers).toBe(exact.customers);
  expect(invoices).toBe(exact.invoices);
});

test.each(Object.entries(orders))(
  "of one too long to be read, %s, those are foreseen who come again",
  async (_, lines) => {
    const { isWhole, rows, customers, invoices } = await weighed(lines, LINES / 4);
    expect(isWhole).toBe(false);
    expect(rows / LINES).toBeCloseTo(1, 1);
    expect(customers / exact.customers).toBeGreaterThan(0.6);
    expect(customers / exact.customers).toBeLessThan(1.6);
    expect(invoices / exact.invoices).toBeGreaterThan(0.6);
    expect(invoices / exact.invoices).toBeLessThan(2.2);
  },
);
