import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readSettings } from "../../src/settings.js";
import { withKeyspace } from "../support/keyspaces.js";
import { runReadmeExample } from "../support/readme_example.js";

const it = withKeyspace();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "readme-stores-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each(["invoice-store", "cluster-store"])("the example in the README of %s gives what it says", async (part) => {
  const january = join(folder, "january.csv");
  const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
  const lines = [
    "489434,85048,LIGHTS,12,2026-01-05 07:45:00,6.95,13085,France",
    "489434,22041,FRAME,1,2026-01-05 07:45:00,2.10,13085,France",
  ];
  await writeFile(january, `${[header, ...lines].join("\n")}\n`);
  const { keyspacesEndpoint, keyspacesCaFile } = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
  const files = {
    'openInvoiceFile("january.csv"': `openInvoiceFile(${JSON.stringify(january)}`,
    '"rejects.csv"': JSON.stringify(join(folder, "rejects.csv")),
  };
  const { logged, stated } = await runReadmeExample(part, {
    'region: "eu-west-1"': "region: null",
    "keyspacesEndpoint: null": `keyspacesEndpoint: ${JSON.stringify(keyspacesEndpoint)}`,
    "keyspacesCaFile: null": `keyspacesCaFile: ${JSON.stringify(keyspacesCaFile)}`,
    '"shop"': JSON.stringify(it.keyspace),
    ...(part === "invoice-store" ? files : {}),
  });
  expect(stated.length).toBeGreaterThan(0);
  expect(logged).toEqual(stated);
});
