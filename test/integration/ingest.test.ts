import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ingestInvoices } from "@keyspaces-segmentation/invoice-store/dist/ingest_invoices.js";
import { readInvoiceLines } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import type { IngestProgress } from "@keyspaces-segmentation/keyspaces-bulk";
import { invoiceFile } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { realFile } from "../support/real_data.js";
import { testOnRealData } from "../support/retail.js";

const it = withKeyspace();
const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n";

let folder: string;
let rejectsFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingest-"));
  rejectsFile = join(folder, "rejects.csv");
});
afterAll(() => rm(folder, { recursive: true }));

/** Each test has a table to itself; all are made at once, because making one takes seconds. */
const unused = Array.from({ length: 12 }, (_, i) => `online_retail_${i}`);
let name: { keyspace: string; table: string };
beforeAll(async () => {
  await Promise.all(unused.map((table) => createRetailTable(it.client, { keyspace: it.keyspace, table })));
});
beforeEach(() => {
  name = { keyspace: it.keyspace, table: unused.pop() as string };
});

async function ingest(text: string, options: object = {}) {
  const file = join(folder, "data.csv");
  await writeFile(file, text);
  return ingestInvoices(it.client, name, await invoiceFile(file), { rejectsFile, ...options });
}

describe("ingesting", () => {
  test("stores every field exactly, and what is missing as nothing", async () => {
    const report = await ingest(
      `${header}489434,85048,"15CM GLASS BALL, ""20 LIGHTS""",12,12/1/09 07:45,6.95,13085.0,United Kingdom\n` +
        "C489449,22087,,-12,2009-12-01 10:33:05,-0.0030,,\n" +
        "489434,85048,again,1,12/1/09 07:45,-12345678901234567.89,13085,France\n",
    );
    expect(report).toMatchObject({ lines: 3, stored: 3, rejected: 0 });
    const { lines, requests } = await readInvoiceLines(it.client, name);
    expect(lines).toEqual([
      {
        invoice: "489434",
        stockCode: "85048",
        line: 1,
        description: '15CM GLASS BALL, "20 LIGHTS"',
        quantity: { unscaled: 12n, scale: 0 },
        invoiceDate: new Date("2009-12-01T07:45:00Z"),
        price: { unscaled: 695n, scale: 2 },
        customerId: "13085",
        country: "United Kingdom",
      },
      {
        invoice: "489434",
        stockCode: "85048",
        line: 2,
        description: "again",
        quantity: { unscaled: 1n, scale: 0 },
        invoiceDate: new Date("2009-12-01T07:45:00Z"),
        price: { unscaled: -1234567890123456789n, scale: 2 },
        customerId: "13085",
        country: "France",
      },
      {
        invoice: "C489449",
        stockCode: "22087",
        line: 1,
        description: null,
        quantity: { unscaled: -12n, scale: 0 },
        invoiceDate: new Date("2009-12-01T10:33:05Z"),
        price: { unscaled: -30n, scale: 4 },
        customerId: null,
        country: null,
      },
    ]);
    expect(requests).toBeGreaterThan(0);
  });

  test("keeps the lines that cannot be stored, as they were, and stores their neighbours", async () => {
    const tooLong = "x".repeat(70_000);
    const report = await ingest(
      `${header}1,A,a,1,12/1/09 07:45,1.00,7,Norway\n` +
        "1,B,no date,1,yesterday,1.00,7,Norway\n" +
        `1,${tooLong},key too long,1,12/1/09 07:45,1.00,7,Norway\n` +
        "1,C,c,1,12/1/09 07:45,1.00,7,Norway\n",
    );
    expect(report).toMatchObject({ lines: 4, stored: 2, rejected: 2 });
    const rejects = (await readFile(rejectsFile, "utf8")).trimEnd().split("\n");
    expect(rejects[0]).toBe("line_number,reason,line");
    const [noDate = "", keyTooLong = ""] = rejects.slice(1);
    expect(noDate).toMatch(/^3,.*date.*,"1,B,no date,1,yesterday,1.00,7,Norway"$/);
    expect(keyTooLong).toMatch(/^4,.*too l/);
    expect(keyTooLong.endsWith(`"1,${tooLong},key too long,1,12/1/09 07:45,1.00,7,Norway"`)).toBe(true);
    const { lines } = await readInvoiceLines(it.client, name);
    expect(lines.map(({ stockCode }) => stockCode)).toEqual(["A", "C"]);
  });

  test("twice leaves the same rows", async () => {
    const text = `${header}1,A,a,1,12/1/09 07:45,1.00,7,Norway\n1,A,a,2,12/1/09 07:45,1.00,7,Norway\n`;
    await ingest(text);
    expect(await ingest(text)).toMatchObject({ lines: 2, stored: 2 });
    expect(
      (await readInvoiceLines(it.client, name)).lines.map(({ line, quantity }) => [line, quantity.unscaled]),
    ).toEqual([
      [1, 1n],
      [2, 2n],
    ]);
  });

  test("many lines reports progress up to the end, and all come back in order", async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, i) => `${100_000 + (i >> 6)},${i % 64},d,1,12/1/09 07:45,1.5,7,Norway`,
    );
    const seen: IngestProgress[] = [];
    const report = await ingest(`${header}${rows.join("\n")}\n`, {
      onProgress: (now: IngestProgress) => seen.push(now),
    });
    expect(report).toMatchObject({ lines: 20_000, stored: 20_000, rejected: 0 });
    expect(report.requests).toBeGreaterThanOrEqual(Math.ceil(20_000 / 30));
    expect(seen.at(-1)).toMatchObject({ lines: 20_000, stored: 20_000, fraction: 1 });
    for (const [i, now] of seen.entries()) {
      expect(now.lines).toBe(now.stored + now.rejected);
      expect(now.fraction).toBeGreaterThanOrEqual(seen[i - 1]?.fraction ?? 0);
    }
    const fractions: number[] = [];
    const { lines } = await readInvoiceLines(it.client, name, {
      consistency: "LOCAL_ONE",
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
    const keys = lines.map(({ invoice, stockCode, line }) => [invoice, stockCode, line].join("|"));
    expect(keys).toHaveLength(20_000);
    expect(new Set(keys).size).toBe(20_000);
    expect(keys[0]).toBe("100000|0|1");
    expect(keys[2]).toBe("100000|10|1");
    expect(fractions.at(-1)).toBeCloseTo(1, 9);
  });

  test("can be aborted", async () => {
    const controller = new AbortController();
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},A,d,1,12/1/09 07:45,1.5,7,Norway`);
    const options = { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) };
    await expect(ingest(`${header}${rows.join("\n")}\n`, options)).rejects.toThrow("enough");
    const signal = AbortSignal.abort(new Error("at once"));
    await expect(readInvoiceLines(it.client, name, { signal })).rejects.toThrow("at once");
  });

  testOnRealData("the real data stores every line and gives it back", async () => {
    const report = await ingestInvoices(it.client, name, await invoiceFile(realFile), { rejectsFile });
    expect(report).toMatchObject({ lines: 14_269, stored: 14_269, rejected: 0 });
    const { lines } = await readInvoiceLines(it.client, name);
    expect(lines).toHaveLength(14_269);
    expect(lines.filter(({ invoice }) => invoice.startsWith("C"))).toHaveLength(420);
    expect(lines.filter(({ customerId }) => customerId === null)).toHaveLength(169);
    expect(lines.filter(({ line }) => line > 1)).toHaveLength(73);
    expect(new Set(lines.map(({ invoice }) => invoice)).size).toBe(759);
  });
});

describe("a file that is no retail data", () => {
  test.each([
    ["empty", "", /empty/],
    ["without the columns", "a,b,c\n1,2,3\n", /column/i],
    ["without lines", header, /nothing below it/],
  ])("%s is told in one error, before anything is written", async (_, text, reason) => {
    await writeFile(rejectsFile, "of an earlier run");
    await expect(ingest(text)).rejects.toThrow(reason);
    expect(await readFile(rejectsFile, "utf8")).toBe("of an earlier run");
    expect((await readInvoiceLines(it.client, name)).lines).toEqual([]);
  });

  test("missing", async () => {
    const missing = join(folder, "nowhere.csv");
    await expect(invoiceFile(missing)).rejects.toThrow("Could not read nowhere.csv: ENOENT");
  });
});

test("a table that does not exist stops the ingest and rejects no line", async () => {
  const file = join(folder, "one.csv");
  await writeFile(file, `${header}1,A,a,1,12/1/09 07:45,1.00,7,Norway\n`);
  const nowhere = { ...name, table: "no_such_table" };
  await expect(ingestInvoices(it.client, nowhere, await invoiceFile(file), { rejectsFile })).rejects.toThrow(
    /unconfigured table/,
  );
  expect(await readFile(rejectsFile, "utf8")).toBe("line_number,reason,line\n");
  await expect(readInvoiceLines(it.client, nowhere)).rejects.toThrow(
    /^Could not read the table \S+\.no_such_table: .*unconfigured table/,
  );
});
