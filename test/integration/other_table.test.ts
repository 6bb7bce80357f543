import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Chunk, createTable, ingestFile, readRows } from "@keyspaces-segmentation/keyspaces-bulk";
import { qualified } from "@keyspaces-segmentation/keyspaces-bulk/dist/statements.js";
import { readSettings } from "../../src/settings.js";
import { withKeyspace } from "../support/keyspaces.js";
import { runReadmeExample } from "../support/readme_example.js";

/** A table that has nothing to do with invoices: a partition of two columns, a date in the key. */
const measures = {
  columns: { station: "text", year: "int", at: "timestamp", degrees: "decimal", remark: "text" },
  primaryKey: "(station, year), at",
  values: ([station = "", at = "", degrees = "", remark]: string[]) => [
    ...[station, Number(at.slice(0, 4)), new Date(at), { unscaled: BigInt(degrees.replace(".", "")), scale: 1 }],
    remark ?? null,
  ],
};

async function* parse(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Chunk<string[]>> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  const records = Buffer.concat(parts).toString().trimEnd().split("\n");
  const good = records.map((text, i) => ({ text, number: i + 1 })).filter(({ text }) => text.includes(","));
  yield {
    lines: good.map(({ text }) => text.split(",")),
    lineNumbers: good.map(({ number }) => number),
    originals: good,
    rejects: records.flatMap((line, i) =>
      line.includes(",") ? [] : [{ lineNumber: i + 1, line, reason: "no comma" }],
    ),
  };
}

const it = withKeyspace();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "other-table-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a file of anything goes into a table of any key, and goes on after an interruption", async () => {
  const name = { keyspace: it.keyspace, table: "measures" };
  await createTable(it.client, name, measures);
  const path = join(folder, "measures.csv");
  const days = Array.from({ length: 400 }, (_, i) => new Date(Date.UTC(2025, 6, 1 + i)).toISOString());
  const records = ["Oslo", "Rome"].flatMap((city) =>
    days.map((at, i) => `${city},${at},${i - 200}.5${i % 2 ? ",dry" : ""}`),
  );
  await writeFile(path, `${[...records.slice(0, 500), "out of order", ...records.slice(500)].join("\n")}\n`);
  const source = { what: "measures", path, parse, table: measures };
  const rejectsFile = join(folder, "rejects.csv");
  const controller = new AbortController();
  const onProgress = ({ stored }: { stored: number }) => {
    if (stored >= 200) controller.abort(new Error("interrupted"));
  };
  const slowly = { rejectsFile, maxRowsPerSecond: 400, signal: controller.signal, onProgress };
  await expect(ingestFile(it.client, name, source, slowly)).rejects.toThrow("interrupted");
  const report = await ingestFile(it.client, name, source, { rejectsFile });
  expect(report).toMatchObject({ lines: 801, stored: 800, rejected: 1 });
  expect(report.resumed).toBeGreaterThanOrEqual(200);
  expect(await readFile(rejectsFile, "utf8")).toBe("line_number,reason,line\n501,no comma,out of order\n");
  const query = `SELECT at, degrees, remark FROM ${qualified(name)} WHERE station = ? AND year = ?`;
  const inTable = async (station: string, year: number) =>
    (await readRows(it.client, query, [station, year])).map(
      ({ at, degrees, remark }) => `${station},${at.toISOString()},${degrees}${remark === null ? "" : `,${remark}`}`,
    );
  const stored = [];
  for (const station of ["Oslo", "Rome"])
    for (const year of [2025, 2026]) stored.push(...(await inTable(station, year)));
  expect(stored).toEqual(records);
});

test("the example in the README of keyspaces-bulk gives what it says", async () => {
  const visits = join(folder, "visits.csv");
  await writeFile(visits, "Oslo,2026-01-01,1,10\nOslo,2026-01-01,2,20\nRome,2026-01-01,1,30\n");
  const { logged, stated } = await runReadmeExample("keyspaces-bulk", {
    'region: "eu-west-1"': "region: null",
    "keyspacesEndpoint: null": `keyspacesEndpoint: ${JSON.stringify(endpoint())}`,
    "keyspacesCaFile: null": `keyspacesCaFile: ${JSON.stringify(process.env.KEYSPACES_CA_FILE ?? null)}`,
    '"stats"': JSON.stringify(it.keyspace),
    '"visits.csv"': JSON.stringify(visits),
    '"rejects.csv"': JSON.stringify(join(folder, "visits_rejects.csv")),
  });
  expect(stated.length).toBeGreaterThan(0);
  expect(logged).toEqual(stated);
});

function endpoint(): { host: string; port: number } {
  const { keyspacesEndpoint } = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
  if (keyspacesEndpoint === null) throw new Error("no stand-in is named");
  return keyspacesEndpoint;
}
