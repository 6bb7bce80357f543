import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { readCheckpoint, writeCheckpoint } from "@keyspaces-segmentation/keyspaces-bulk/dist/checkpoint.js";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/keyspaces_client.js";
import { ingestFile } from "@keyspaces-segmentation/keyspaces-bulk/dist/ingest.js";
import { openReconciliation } from "@keyspaces-segmentation/keyspaces-bulk/dist/reconciliation.js";
import { openRejectsFile } from "@keyspaces-segmentation/keyspaces-bulk/dist/rejects.js";
import { type EncodedRow, keyReader } from "@keyspaces-segmentation/keyspaces-bulk/dist/row_encoding.js";
import { withRoomFor } from "../../../test/support/full_disk.js";
import { parseInvoices } from "../../../test/support/invoice_files.js";

const keyOf = keyReader(retailTable);
let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "full-"));
  data = join(folder, "data.csv");
  const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
  const line = (i: number) => {
    const quantity = i % 3 === 0 ? "six £" : "6";
    return `${70_000 + Math.floor(i / 4)},${1000 + i},"POTS, RED",${quantity},12/1/09 7:45,2.55,13085,France`;
  };
  await writeFile(data, `${[header, ...Array.from({ length: 20 }, (_, i) => line(i))].join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** A table that takes every row, by its key. */
function emptyTable(): { client: KeyspacesClient; rows: Map<string, string> } {
  const rows = new Map<string, string>();
  const client = {
    insertRows: async (_insert: string, encoded: readonly EncodedRow[]) => {
      for (const row of encoded) rows.set(keyOf(row).join(), row.slab.toString("latin1", row.start, row.end));
    },
    execute: async (_query: string, key: readonly unknown[]) => ({ rows: rows.has(key.join()) ? [{ line: 1 }] : [] }),
    getState: () => ({ getConnectedHosts: () => ["host"], getOpenConnections: () => 2 }),
  };
  return { client: client as unknown as KeyspacesClient, rows };
}

const source = () => ({
  what: "retail data",
  path: data,
  parse: (chunks: AsyncIterable<Uint8Array>) => parseInvoices(chunks),
  table: retailTable,
});
const NAME = { keyspace: "ks", table: "t" };
const EVERYTHING = Number.MAX_SAFE_INTEGER;
const WHERE =
  /^Could not write (the rejected lines|how far the ingest has come) to .*(rejects\.csv|checkpoint\.json): ENOSPC/;

test("wherever the disk gets full, the next run makes of it what an undisturbed one does, and nothing counts that is not there", async () => {
  const ingest = (client: KeyspacesClient, out: string) =>
    ingestFile(client, NAME, source(), { rejectsFile: join(out, "rejects.csv"), maxRejects: "100%" });
  const whole = emptyTable();
  const undisturbed = await withRoomFor(EVERYTHING, () => ingest(whole.client, join(folder, "whole")));
  const rejects = await readFile(join(folder, "whole", "rejects.csv"), "utf8");
  expect(undisturbed.value).toMatchObject({ lines: 20, stored: 13, rejected: 7 });

  for (let room = 0; room < undisturbed.written; room += 11) {
    const out = join(folder, `room-${room}`);
    const table = emptyTable();
    const failure = await withRoomFor(room, () => ingest(table.client, out)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StepError);
    expect((failure as StepError).message).toMatch(WHERE);
    expect((failure as StepError).hint).toMatch(/^Make room on that disk, and run it again: it goes on from here/);
    const checkpoint = await readCheckpoint(join(out, "ingest.checkpoint.json"));
    if (checkpoint !== undefined) {
      const bytes = (await readFile(join(out, "rejects.csv"))).subarray(0, checkpoint.rejectsBytes);
      expect(String(bytes).trimEnd().split("\n")).toHaveLength(checkpoint.rejected + 1);
    }
    expect(await ingest(table.client, out)).toMatchObject({ lines: 20, stored: 13, rejected: 7 });
    expect(await readFile(join(out, "rejects.csv"), "utf8")).toBe(rejects);
    expect(table.rows).toEqual(whole.rows);
    expect(await readdir(out)).toEqual(["rejects.csv"]);
  }
});

test("lines stay in memory until they are on the disk: once there is room, the same file has them all", async () => {
  const reject = (lineNumber: number) => ({ lineNumber, reason: "£", line: `line ${lineNumber}, "quoted"` });
  const fill = async (path: string, room: number) => {
    const file = await openRejectsFile(path);
    file.add([reject(2)]);
    await file.flush();
    file.add([reject(3), reject(4)]);
    const { value, written } = await withRoomFor(room, () => file.flush().catch(() => "full"));
    file.add([reject(5)]);
    const length = await file.flush();
    await file.close();
    return { value, written, length, text: await readFile(path, "utf8") };
  };
  const whole = await fill(join(folder, "whole.csv"), EVERYTHING);
  for (let room = 0; room < whole.written; room++) {
    const { value, length, text } = await fill(join(folder, "rejects.csv"), room);
    expect(value).toBe("full");
    expect(text).toBe(whole.text);
    expect(length).toBe(Buffer.byteLength(text));
  }
});

test("saves that fail on the way are made up for by the next, and a run that fails for another reason says that one", async () => {
  const files = {
    rejectsFile: join(folder, "saves", "rejects.csv"),
    checkpointFile: join(folder, "saves", "point.json"),
  };
  const reconciliation = await openReconciliation(
    emptyTable().client,
    { file: "ab", ...NAME, definition: retailTable },
    files,
  );
  await reconciliation.begin();
  for (let line = 2; line < 60; line++) {
    const reject = { lineNumber: line, reason: "r", line: "l" };
    reconciliation.enter({ rows: [], rejects: [reject], lastLine: line })([]);
    await withRoomFor(line % 7, () => reconciliation.save()).catch(() => undefined);
  }
  await reconciliation.close(true);
  expect((await readFile(files.rejectsFile, "utf8")).trimEnd().split("\n")).toHaveLength(59);

  const { client } = emptyTable();
  const broken = Object.assign(client, { insertRows: () => Promise.reject(new Error("the service is gone")) });
  const out = join(folder, "two-failures", "rejects.csv");
  const failing = withRoomFor(24, () => ingestFile(broken, NAME, source(), { rejectsFile: out, maxRejects: "100%" }));
  await expect(failing).rejects.toThrow(/^Could not store .*: the service is gone/);
});

test("what was there before stays whole where the new one cannot be written", async () => {
  const path = join(folder, "ingest.checkpoint.json");
  const point = { file: "ab", ...NAME, settledLine: 3, stored: 1, rejected: 1, rejectsBytes: 30 };
  const earlier = { ...point, storedKey: ["1", "2", 1] as const };
  await writeCheckpoint(path, earlier);
  for (const room of [0, 1, 50]) {
    const write = () => writeCheckpoint(path, { ...earlier, settledLine: 9 });
    await expect(withRoomFor(room, write)).rejects.toThrow(WHERE);
    expect(await readCheckpoint(path)).toEqual(earlier);
  }
  const rejects = join(folder, "earlier.csv");
  await writeFile(rejects, "of the last run");
  await expect(withRoomFor(5, () => openRejectsFile(rejects))).rejects.toThrow(
    /^Could not write the rejected lines to /,
  );
  expect(await readFile(rejects, "utf8")).toBe("of the last run");
  expect((await readdir(folder)).filter((name) => /part/.test(name))).toEqual([]);
});
