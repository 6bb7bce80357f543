import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { type InvoiceFile, NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";
import {
  createRetailTable,
  type FileReport,
  loadFile,
  loadsOf,
  lookAtTable,
  remarksOf,
} from "@keyspaces-segmentation/invoice-store";
import { gate } from "../support/gate.js";
import { withKeyspace } from "../support/keyspaces.js";
import { meanwhile } from "../support/meanwhile.js";
import { tableContents } from "../support/table_contents.js";

const it = withKeyspace();
const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
/** Lines of invoices, three an invoice. */
const invoices = (first: number, last: number): string[] =>
  Array.from({ length: 3 * (last - first + 1) }, (_, i) => {
    const invoice = first + Math.floor(i / 3);
    return `${invoice},SKU${i % 3},thing,1,2010-01-${10 + (invoice % 10)} 10:00,2.50,${7000 + (invoice % 5)},Norway`;
  });

let folder: string;
let name: { keyspace: string; table: string };
let tables = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "at-once-"));
});
beforeEach(async () => {
  name = { keyspace: it.keyspace, table: `online_retail_${tables++}` };
  await createRetailTable(it.client, name);
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(lines: readonly string[], currency: string | null = null): Promise<InvoiceFile> {
  const path = join(folder, `${tables}-${lines.length}.csv`);
  await writeFile(path, `${[header, ...lines].join("\n")}\n`);
  return openInvoiceFile(path, { ...NOTHING_GIVEN, dateOrder: "month_first", timeZone: "UTC", currency });
}
const load = (
  file: InvoiceFile,
  notebook: string,
  { uri = "s3://data/b.csv", ...options }: { uri?: string; reuse?: boolean; signal?: AbortSignal } = {},
) => loadFile(it.client, name, { file, uri }, { rejectsFile: join(folder, notebook, "r.csv"), ...options });

const unfinished = async () => (await lookAtTable(it.client, name, { analysisDate: null })).conflicts;

test("two that load the same file at once: none takes for its list of new invoices what the other has brought", async () => {
  await load(await fileOf(invoices(1, 9)), "one");
  const file = await fileOf(invoices(200, 249));
  await load(
    meanwhile(file, () => load(file, "other")),
    "one",
  );
  expect(await tableContents(it.client, name)).toHaveLength(27 + 150);
  expect(await loadsOf(it.client, name)).toMatchObject([{}, { lines: 150, brought: null }]);
  expect(await unfinished()).toEqual([]);
});

test("one that fails leaves what another has put on record of the same file", async () => {
  const file = await fileOf(invoices(200, 249));
  let recorded: unknown;
  const failing = meanwhile(file, async () => {
    await load(file, "other");
    recorded = await loadsOf(it.client, name);
    throw new Error("the disk is full");
  });
  await expect(load(failing, "one")).rejects.toThrow("the disk is full");
  expect(recorded).toMatchObject([{ lines: 150, stored: 150, file: { lines: 150 } }]);
  expect(await loadsOf(it.client, name)).toEqual(recorded);
  // Nothing of the file is missing.
  expect(await unfinished()).toEqual([]);
  expect(await tableContents(it.client, name)).toHaveLength(150);
  expect(await load(file, "one")).toMatchObject({ reused: true });
});

test("one that begins later and fails leaves nothing to do where the other comes to its end", async () => {
  const file = await fileOf(invoices(200, 249));
  const failing = meanwhile(file, async () => {
    throw new Error("the disk is full");
  });
  const failed = () => expect(load(failing, "other")).rejects.toThrow("the disk is full");
  await load(
    meanwhile(file, () => failed()),
    "one",
  );
  expect(await unfinished()).toEqual([]);
  expect(await load(file, "one")).toMatchObject({ reused: true });
  // Writing it anew, one that fails is not made good by what was on record before.
  await expect(load(failing, "one", { reuse: false })).rejects.toThrow("the disk is full");
  expect(await unfinished()).toEqual([expect.stringMatching(/^A load of s3:.* has failed/)]);
});

test("a load that is on record has come to its end, whether or not its note could be taken back", async () => {
  const file = await fileOf(invoices(200, 249));
  const execute = it.client.execute.bind(it.client);
  const refusing = jest
    .spyOn(it.client, "execute")
    .mockImplementation(((query: string, ...more: []) =>
      query.startsWith("DELETE") ? Promise.reject(new Error("refused")) : execute(query, ...more)) as typeof execute);
  try {
    expect(await load(file, "one")).toMatchObject({ reused: false, stored: 150 });
  } finally {
    refusing.mockRestore();
  }
  // None of its rows is said to be missing.
  expect(await unfinished()).toEqual([
    "A load of s3://data/b.csv has begun and is not done: rows of it count here as far as they are stored. Load it to its end (step 5), and read again.",
  ]);
  await load(file, "one");
  expect(await unfinished()).toEqual([]);
});

test("a file whose rows were being written anew is loaded to its end by loading it again", async () => {
  const file = await fileOf(invoices(200, 249));
  await load(file, "one");
  const stop = new AbortController();
  const rewriting = meanwhile(file, async () => stop.abort(new Error("interrupted")));
  await expect(load(rewriting, "one", { reuse: false, signal: stop.signal })).rejects.toThrow("interrupted");
  expect(await unfinished()).toHaveLength(1);
  await load(file, "one");
  expect(await unfinished()).toEqual([]);
  expect(await tableContents(it.client, name)).toHaveLength(150);
});

test("one whose folder another process writes to is refused before anything is stored or noted", async () => {
  const door = require.resolve("@keyspaces-segmentation/common");
  const atIt = `() => new Promise(() => { console.log("at it"); setInterval(() => {}, 1000); })`;
  const script = `void require(${JSON.stringify(door)}).aloneIn(${JSON.stringify(join(folder, "shared"))}, ${atIt})`;
  const other = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(other.stdout, "data");
  const file = await fileOf(invoices(1, 9));
  await expect(load(file, "shared")).rejects.toThrow(`another run, process ${other.pid}, is writing there.`);
  expect(await tableContents(it.client, name)).toEqual([]);
  expect(await unfinished()).toEqual([]);
  other.kill("SIGKILL");
  await once(other, "exit");
  expect(await load(file, "shared")).toMatchObject({ stored: 27 });
});

test("two in different currencies at once: the one that begins later is refused", async () => {
  const [eur, usd] = [await fileOf(invoices(1, 9), "EUR"), await fileOf(invoices(100, 119), "USD")];
  const refused = async () => expect(load(usd, "other")).rejects.toThrow("they cannot be added up");
  expect(await load(meanwhile(eur, refused), "one")).toMatchObject({ stored: 27 });
  expect(await tableContents(it.client, name)).toHaveLength(27);
  expect(await unfinished()).toEqual([]);
});

test("one that comes to its end with rows refused leaves the note of another that is writing them", async () => {
  const lines = [...invoices(200, 249), `249,${"9".repeat(70_000)},key too long,1,2010-01-10 10:00,2.50,7000,Norway`];
  const file = await fileOf(lines);
  let open: number | undefined;
  const between = async () => {
    expect(await load(file, "other")).toMatchObject({ rejected: 1 });
    open = (await unfinished()).length;
  };
  await load(meanwhile(file, between), "one");
  expect(open).toBe(1);
  expect(await unfinished()).toEqual([]);
  // One that has failed writes nothing more, whatever the next has refused.
  const failing = meanwhile(file, async () => {
    throw new Error("the disk is full");
  });
  await expect(load(failing, "one")).rejects.toThrow("the disk is full");
  expect(await unfinished()).toHaveLength(1);
  await load(file, "one");
  expect(await unfinished()).toEqual([]);
});

test("one that goes on overwrites nothing of another file that has come in half way meanwhile", async () => {
  const stop = new AbortController();
  const first = await fileOf([...invoices(1, 40), ...invoices(200, 200)]);
  const stopping = meanwhile(first, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("interrupted"));
  });
  await expect(load(stopping, "one", { uri: "a.csv", signal: stop.signal })).rejects.toThrow("interrupted");
  const changed = invoices(200, 200).map((line) => line.replace("thing,1", "thing,7"));
  const failing = meanwhile(await fileOf([...changed, ...invoices(300, 300)]), async () => {
    throw new Error("the disk is full");
  });
  await expect(load(failing, "other")).rejects.toThrow("the disk is full");
  const others = (await tableContents(it.client, name)).filter((row) => JSON.parse(row).quantity === "7");
  expect(others.length).toBeGreaterThan(0);
  await load(first, "one", { uri: "a.csv" });
  expect(await tableContents(it.client, name)).toEqual(expect.arrayContaining(others));
});

const noRemarks = { throttled: 0, rowsPerSecond: 0, file: { repeated: { lines: 0, amount: "0" } } };
const saidOf = ({ atOnce, isBesideUnknown }: FileReport) =>
  remarksOf({ ...noRemarks, atOnce, isBesideUnknown }, { money: moneyOf(null) });

test("two that write lines of one invoice at once are told what may have come of it, and others nothing", async () => {
  const a = await fileOf([...invoices(1, 9), ...invoices(200, 200)]);
  const b = await fileOf(invoices(200, 203));
  const first = await load(await fileOf(invoices(500, 502)), "one", { uri: "z.csv" });
  const ofB: string[] = [];
  const between = async () => {
    ofB.push(...saidOf(await load(b, "other", { uri: "b.csv" })));
  };
  const ofA = saidOf(await load(meanwhile(a, between), "one", { uri: "a.csv" }));
  expect(ofA).toEqual([expect.stringMatching(/^A load of another file had begun and was not done: b\.csv\./)]);
  expect(ofB).toEqual([expect.stringMatching(/^A load of another file had begun and was not done: a\.csv\./)]);
  expect([first, await load(a, "one"), await load(await fileOf(invoices(30, 31)), "one")].map(saidOf)).toEqual([
    [],
    [],
    [],
  ]);
});

test("two that load one file at once are told that its lines may be there twice", async () => {
  // The first and the last line are of one stock code and in two batches, of which the second comes in first.
  const lines = [0, ...Array.from({ length: 29 }, (_, i) => i + 1), 0].map(
    (code, i) => `900,SKU${code},thing ${i},1,2010-01-10 10:00,2.50,7000,Norway`,
  );
  const file = await fileOf(lines);
  await load(await fileOf(invoices(500, 502)), "one", { uri: "z.csv" });
  const insertRows = it.client.insertRows.bind(it.client);
  const [isSecondIn, isOtherDone] = [gate(), gate()];
  let requests = 0;
  const delaying = jest.spyOn(it.client, "insertRows").mockImplementation(async (...request) => {
    const number = requests++;
    if (number === 0) await isOtherDone.opened;
    const done = await insertRows(...request);
    if (number === 1) isSecondIn.open();
    return done;
  });
  try {
    const delayed = load(file, "one");
    await isSecondIn.opened;
    const ofOther = saidOf(await load(file, "other"));
    isOtherDone.open();
    const twice = [expect.stringMatching(/^Another load of this very file had begun .* may be in the table twice\./)];
    expect([ofOther, saidOf(await delayed)]).toEqual([twice, twice]);
  } finally {
    isOtherDone.open();
    delaying.mockRestore();
  }
  // An attempt that was interrupted writes no more: nothing is to be said.
  const failing = meanwhile(await fileOf(invoices(600, 640)), async () => {
    throw new Error("the disk is full");
  });
  await expect(load(failing, "one")).rejects.toThrow("the disk is full");
  expect(saidOf(await load(await fileOf(invoices(600, 640)), "one"))).toEqual([]);
});
