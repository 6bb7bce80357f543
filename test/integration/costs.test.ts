import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { CostSummary } from "@keyspaces-segmentation/aws-costs";
import { createResultTables, saveClusters } from "@keyspaces-segmentation/cluster-store";
import { loadFile, readCustomers, readInvoiceLines, weighFile } from "@keyspaces-segmentation/invoice-store";
import { createKeyspace, createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { noEvidence, rulesOf } from "@keyspaces-segmentation/invoices/dist/line_rules.js";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { gatewayBench, region } from "../../packages/keyspaces-local/test/support.js";
import { readSettings } from "../../src/settings.js";
import { clusteredCustomers } from "../support/clustered_customers.js";
import { invoiceFile } from "../support/invoice_files.js";
import { realFile } from "../support/real_data.js";
import { generatedCsv, testOnRealData } from "../support/retail.js";
import { sessionOf } from "../support/session.js";

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 100 });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "costs-"));
  await bench.begin();
});
afterAll(async () => {
  await bench.end();
  await rm(folder, { recursive: true });
});

/** What a run with this file was estimated to take of Keyspaces, what its client counted, and what the gateway did. */
async function runWith(name: string, csv: string) {
  const gateway = await bench.gatewayWith();
  const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv", outputDirectory: folder }, {});
  const { costs, parameters } = settings;
  const keyspace = `shop_${name}`;
  const table = { keyspace, table: parameters.table };
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, bench.certificates().ca);
  const session = sessionOf({ region, credentials: async () => identity });
  const endpoint = { keyspacesEndpoint: { host: "localhost", port: gateway.port }, keyspacesCaFile: caFile };
  const client = await connectToKeyspaces(session, endpoint, { traffic: costs.meter });
  try {
    await createKeyspace(client, keyspace);
    await createRetailTable(client, table);
    const path = join(folder, `${name}.csv`);
    await writeFile(path, csv);
    const file = await invoiceFile(path);
    const { size } = await stat(path);
    const weighed = await weighFile(file, { weigh: costs.weigher(table.table), fileBytes: size });
    costs.estimate("us-east-1", weighed, parameters);

    costs.begin("ingest");
    await loadFile(client, table, { file, uri: path }, { rejectsFile: join(folder, "rejects.csv") });
    costs.begin("read");
    const scan = await readCustomers(client, table, { rules: rulesOf(noEvidence) });
    await readInvoiceLines(client, table, { limit: 1000 });
    costs.begin("keep");
    await createResultTables(client, { keyspace });
    const { customers, clusters } = clusteredCustomers(scan.aggregate.customers.length);
    await saveClusters(client, { keyspace }, { runId: "run-1", runDate: new Date(), customers, profiles: clusters });
    const counters = Object.values(gateway.units());
    const counted = {
      written: counters.reduce((sum, { written }) => sum + written, 0),
      read: counters.reduce((sum, { read }) => sum + read, 0),
    };
    return { counted, summary: costs.summary()! };
  } finally {
    await client.shutdown();
  }
}

/** Of the steps that are taken here together. */
function sumOf({ lines }: CostSummary["meter"], item: string): number {
  const taken = (step: string) => ["5 Ingest", "6 Read", "8 Keep results"].includes(step);
  return lines
    .filter((line) => line.item === item && taken(line.step))
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

function expectAgreement({ counted, summary }: Awaited<ReturnType<typeof runWith>>): void {
  const { estimate, meter } = summary;
  const table = ["write units", "read units", "bytes in Keyspaces"].map((item) => {
    return { item, estimated: sumOf(estimate, item), metered: sumOf(meter, item) };
  });
  console.log(table, counted);
  for (const { item, estimated, metered } of table) {
    expect({ item, isNear: Math.abs(estimated / metered - 1) < 0.1 }).toEqual({ item, isNear: true });
  }
  expect(Math.abs(sumOf(meter, "write units") / counted.written - 1)).toBeLessThan(0.1);
  expect(Math.abs(sumOf(meter, "read units") / counted.read - 1)).toBeLessThan(0.1);
}

test("estimate, meter and the gateway's units agree on generated data", async () => {
  expectAgreement(await runWith("generated", generatedCsv()));
});

test("they agree on long descriptions, of rows that take more than one unit", async () => {
  const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n";
  const lines = Array.from({ length: 3000 }, (_, i) => {
    const day = `2010-${String(1 + (i % 12)).padStart(2, "0")}-15 10:00:00`;
    const text = "Glass and paper ".repeat(20 + (i % 120));
    return `${600_000 + Math.floor(i / 4)},S${i % 50},"${text}",${1 + (i % 9)},${day},2.95,C${i % 300},France\n`;
  });
  const run = await runWith("long", header + lines.join(""));
  expectAgreement(run);
  expect(sumOf(run.summary.meter, "write units")).toBeGreaterThan(1.2 * lines.length);
});

testOnRealData("they agree on the first lines of the real data", async () => {
  const text = await readFile(realFile, "latin1");
  expectAgreement(await runWith("real", text.split("\n").slice(0, 20_001).join("\n")));
});
