import { afterEach, describe, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { chooseKeyspace } from "@keyspaces-segmentation/invoice-store/dist/choose_keyspace.js";
import { dropKeyspace } from "@keyspaces-segmentation/invoice-store/dist/drop_keyspace.js";
import { createLoadsTable, recordLoad } from "@keyspaces-segmentation/invoice-store/dist/loads.js";
import { createRetailTable, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { noOverlap } from "@keyspaces-segmentation/invoices/dist/overlap.js";
import { readSettings } from "../../src/settings.js";
import { makeKeyspaceByHand, withKeyspace } from "../support/keyspaces.js";

const it = withKeyspace();
/** Nobody else's runs on this stack use these dates, or a table of this name. */
const table = `of_${process.pid}`;
const settingsOn = (date: string, environment: NodeJS.ProcessEnv = {}) =>
  readSettings({ dataBucket: "data-bucket", dataKey: "data.csv", table }, environment, new Date(`${date}T12:00:00Z`));
const choose = (
  date: string,
  invoices: "own" | "sample",
  environment?: NodeJS.ProcessEnv,
  owner = "arn:aws:iam::1:user/a",
) => chooseKeyspace(it.client, settingsOn(date, environment), { invoices, owner });

/** A run that loads a file on that day and is kept. */
async function run(date: string, invoices: "own" | "sample", environment?: NodeJS.ProcessEnv) {
  const chosen = await choose(date, invoices, environment);
  const name = { keyspace: chosen.keyspace, table };
  await createRetailTable(it.client, name);
  await createLoadsTable(it.client, name);
  await recordLoad(it.client, name, {
    fingerprint: date,
    uri: `s3://b/${date}.csv`,
    loadedAt: new Date(date),
    lines: 0,
    stored: 0,
    rejected: 0,
    refused: 0,
    amount: "0",
    firstInvoiceNumber: null,
    lastInvoiceNumber: null,
    file: { lines: 0 } as never,
    overlap: noOverlap,
    reading: [],
    brought: null,
    stopped: null,
    isBesideUnknown: false,
  });
  return chosen;
}

afterEach(async () => {
  const look = async () => (await listKeyspaces(it.client)).filter((name) => /^blog_19\d{6}|_chosen$/.test(name));
  const made = await look();
  await Promise.all(made.map((name) => it.client.execute(`DROP KEYSPACE "${name}"`, [], { prepare: false })));
  const gone = async () => {
    const left = await look();
    return left.length === 0 ? { done: true, seen: "none" } : { seen: left.join(", ") };
  };
  await waitUntil("what was made to be gone", gone, { deadlineMs: 60_000, firstDelayMs: 50 });
});

describe("without the parameter `keyspace`, a run", () => {
  test("makes one with its date, and next month's goes on with it", async () => {
    expect(await run("1990-01-31", "own")).toEqual({
      keyspace: "blog_19900131",
      how: "new",
      isOwn: true,
      invoices: "own",
      holds: "own",
      others: [],
      ofOthers: [],
    });
    expect(await run("1990-02-28", "own")).toMatchObject({ keyspace: "blog_19900131", how: "continued", others: [] });
    expect(await listKeyspaces(it.client)).not.toContain("blog_19900228");
  });

  test("on the sample never goes on with the reader's own invoices, nor the other way round", async () => {
    await run("1991-01-31", "own");
    expect(await run("1991-02-28", "sample")).toMatchObject({ keyspace: "blog_19910228", how: "new" });
    expect(await choose("1991-03-31", "own")).toMatchObject({ keyspace: "blog_19910131", how: "continued" });
    expect(await choose("1991-03-31", "sample")).toMatchObject({ keyspace: "blog_19910228", how: "continued" });
    // The same day: the name is taken, and stays whose it is.
    await dropKeyspace(it.client, { keyspace: "blog_19910228" });
    expect(await choose("1991-01-31", "sample")).toMatchObject({ keyspace: "blog_19910131_2", how: "new" });
  });

  test("takes of several the one that was used last, and names the others", async () => {
    await run("1992-01-31", "own");
    await run("1992-02-28", "own", { SEGMENTATION_KEYSPACE: "blog_19920228" });
    await run("1992-03-31", "own", { SEGMENTATION_KEYSPACE: "blog_19920101" });
    const others = ["blog_19920228", "blog_19920131"];
    expect(await choose("1992-04-30", "own")).toMatchObject({ keyspace: "blog_19920101", how: "continued", others });
  });

  test("leaves alone what somebody else in the account has kept, and names it", async () => {
    await run("1998-01-31", "own");
    const theirs = await choose("1998-02-28", "own", {}, "arn:aws:iam::1:user/b");
    expect(theirs).toMatchObject({ keyspace: "blog_19980228", how: "new", ofOthers: ["blog_19980131"] });
    await createRetailTable(it.client, { keyspace: theirs.keyspace, table });
    const [keyspace, others] = ["blog_19980131", []];
    expect(await choose("1998-03-31", "own")).toMatchObject({
      keyspace,
      how: "continued",
      others,
      ofOthers: ["blog_19980228"],
    });
  });

  test("leaves alone what somebody has made by hand, also under today's name", async () => {
    await makeKeyspaceByHand(it.client, "blog_19930131");
    expect(await choose("1993-01-31", "own")).toMatchObject({ keyspace: "blog_19930131_2", how: "new" });
  });

  test("does not go on with a keyspace that was named, or has another table", async () => {
    await run("1994-01-31", "own", { SEGMENTATION_KEYSPACE: "campaign_chosen" });
    await choose("1994-01-31", "own");
    await createRetailTable(it.client, { keyspace: "blog_19940131", table: "other" });
    expect(await choose("1994-02-28", "own")).toMatchObject({ keyspace: "blog_19940228", how: "new" });
  });
});

describe("with the parameter `keyspace`, a run", () => {
  const named = { SEGMENTATION_KEYSPACE: "named_chosen" };

  test("takes that one, whatever was kept", async () => {
    await run("1995-01-31", "own");
    expect(await run("1995-02-28", "own", named)).toMatchObject({ keyspace: "named_chosen", how: "new" });
    expect(await run("1995-03-31", "own", named)).toMatchObject({
      keyspace: "named_chosen",
      how: "named",
      isOwn: true,
    });
  });

  test("that puts the reader's invoices beside the sample makes it theirs", async () => {
    await run("1996-01-31", "sample", named);
    expect(await choose("1996-02-28", "own", named)).toMatchObject({ holds: "own" });
    expect(await choose("1996-03-31", "sample", named)).toMatchObject({ holds: "own", invoices: "sample" });
    expect(await dropKeyspace(it.client, { keyspace: "named_chosen" }, { invoices: "sample" })).toMatchObject({
      keyspace: "others",
    });
  });

  test("is refused before anything is paid for where somebody's tables have the names it needs", async () => {
    await choose("1997-01-31", "own", named);
    await it.client.execute("CREATE TABLE named_chosen.known_clusters (k text PRIMARY KEY)", [], { prepare: false });
    await expect(choose("1997-02-28", "own", named)).rejects.toMatchObject({
      message: expect.stringContaining("so nothing is written to them: known_clusters"),
      hint: expect.stringContaining("`keyspace`"),
    });
    await it.client.execute("DROP KEYSPACE named_chosen", [], { prepare: false });
    await waitUntil(
      "the keyspace to be gone",
      async () =>
        (await listKeyspaces(it.client)).includes("named_chosen") ? { seen: "there" } : { done: true, seen: "gone" },
      { deadlineMs: 60_000 },
    );
  });
});
