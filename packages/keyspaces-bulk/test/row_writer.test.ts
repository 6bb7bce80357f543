import { describe, expect, test } from "@jest/globals";
import type { Row } from "@keyspaces-segmentation/keyspaces-bulk/dist/batches.js";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/keyspaces_client.js";
import type { EncodedRow } from "@keyspaces-segmentation/keyspaces-bulk/dist/row_encoding.js";
import { createRowWriter } from "@keyspaces-segmentation/keyspaces-bulk/dist/row_writer.js";
import { errors, types } from "cassandra-driver";

const answer = (code: number, message = "as the server words it") => new errors.ResponseError(code, message);
const { writeTimeout, invalid, unauthorized } = types.responseErrorCodes;

const rowsOf = (...names: string[]): Row[] =>
  names.map((name, i) => ({
    values: { slab: Buffer.from(name), start: 0, end: name.length },
    lineNumber: i + 2,
    original: `line ${name}`,
  }));

/** A client whose `insertRows` calls `respond` with the names of the rows; what it throws is the service's answer. */
function clientOf(respond: (names: string[]) => unknown): { client: KeyspacesClient; sent: string[][] } {
  const sent: string[][] = [];
  const client = {
    insertRows: async (_insert: string, rows: readonly EncodedRow[]) => {
      const names = rows.map(({ slab }) => String(slab));
      sent.push(names);
      await respond(names);
    },
    getState: () => ({ getConnectedHosts: () => ["host"], getOpenConnections: () => 2 }),
  };
  return { client: client as unknown as KeyspacesClient, sent };
}

const patient = { maxRowsPerSecond: Number.POSITIVE_INFINITY, giveUpAfterMs: 60_000 };

describe("rows", () => {
  test("go in with one request", async () => {
    const { client, sent } = clientOf(() => undefined);
    const writer = createRowWriter(client, "INSERT", patient);
    expect(await writer.store(rowsOf("a", "b", "c"))).toEqual([]);
    expect(sent).toEqual([["a", "b", "c"]]);
    expect(writer.count).toEqual({ requests: 1, retries: 0, throttled: 0 });
  });

  test("are sent again after a timeout, and fewer requests at a time from then on", async () => {
    let failures = 2;
    const { client, sent } = clientOf(() => {
      if (failures-- > 0) throw answer(writeTimeout);
    });
    const writer = createRowWriter(client, "INSERT", patient);
    const before = writer.window();
    expect(await writer.store(rowsOf("a"))).toEqual([]);
    expect(sent).toHaveLength(3);
    expect(writer.count).toMatchObject({ requests: 3, retries: 2 });
    expect(writer.window()).toBeLessThan(before);
  });

  test("that the service refuses are told apart from their neighbours", async () => {
    const { client, sent } = clientOf((names) => {
      if (names.includes("bad")) throw answer(invalid, "Key length of 70000 is longer than maximum of 65535");
    });
    const rejects = await createRowWriter(client, "INSERT", patient).store(rowsOf("a", "bad", "c"));
    expect(rejects).toEqual([
      { lineNumber: 3, line: "line bad", reason: "Key length of 70000 is longer than maximum of 65535" },
    ]);
    expect(sent).toEqual([["a", "bad", "c"], ["a"], ["bad"], ["c"]]);
  });

  test("stop everything where no row would fare better", async () => {
    const refusal = answer(unauthorized);
    const { client } = clientOf(() => {
      throw refusal;
    });
    await expect(createRowWriter(client, "INSERT", patient).store(rowsOf("a", "b"))).rejects.toBe(refusal);
  });

  test.each([
    ["are written", () => undefined, true],
    ["may not be written", () => Promise.reject(answer(unauthorized)), false],
    ["cannot be rows", () => Promise.reject(answer(invalid)), false],
    ["are not taken in time", () => Promise.reject(answer(writeTimeout)), true],
    ["get no answer", () => Promise.reject(new errors.OperationTimedOutError("no answer")), true],
    ["break off with the connection", () => Promise.reject(new Error("socket hang up")), true],
  ])("that %s: whether some may be in", async (_what, respond, isIn) => {
    let told = false;
    const onRows = () => {
      told = true;
    };
    const writer = createRowWriter(clientOf(respond).client, "INSERT", { ...patient, giveUpAfterMs: 1, onRows });
    await writer.store(rowsOf("a")).catch(() => undefined);
    expect(told).toBe(isIn);
  });
});

describe("after the stated time", () => {
  const impatient = { ...patient, giveUpAfterMs: 200 };

  test("rows that are stuck while others go in are given up, with the reason", async () => {
    const { client } = clientOf((names) => {
      if (names[0] === "stuck") throw answer(writeTimeout, "timed out");
    });
    const writer = createRowWriter(client, "INSERT", impatient);
    const stuck = writer.store(rowsOf("stuck", "too"));
    const others = (async () => {
      let given: unknown;
      void stuck.then((rejects) => {
        given = rejects;
      });
      while (given === undefined) {
        await writer.store(rowsOf("fine"));
        await new Promise(setImmediate);
      }
    })();
    const rejects = await stuck;
    await others;
    expect(rejects.map(({ lineNumber, line }) => [lineNumber, line])).toEqual([
      [2, "line stuck"],
      [3, "line too"],
    ]);
    expect(rejects[0]?.reason).toMatch(/^Could not get an answer from Amazon Keyspaces within 0 s: .* timed out\.$/);
  });

  test.each([
    ["answers with timeouts", () => answer(writeTimeout, "timed out")],
    ["is not reached", () => new errors.NoHostAvailableError({ host: new Error("connect ECONNREFUSED") })],
  ])("a service that took rows and then %s costs none of those under way its place", async (_, failure) => {
    let stored = 0;
    const { client } = clientOf(() => {
      if (stored > 0) throw failure();
      stored++;
    });
    const writer = createRowWriter(client, "INSERT", impatient);
    const outcomes = await Promise.allSettled(["a", "b", "c", "d"].map((name) => writer.store(rowsOf(name))));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
  });

  test("a service that takes nothing at all costs no row its place", async () => {
    const { client } = clientOf(() => {
      throw answer(writeTimeout, "timed out");
    });
    await expect(createRowWriter(client, "INSERT", impatient).store(rowsOf("a"))).rejects.toThrow(/still: timed out/);
  });
});

test("an abort ends waiting for a turn", async () => {
  const { client } = clientOf(() => undefined);
  const controller = new AbortController();
  const writer = createRowWriter(client, "INSERT", { ...patient, maxRowsPerSecond: 1, signal: controller.signal });
  await writer.store(rowsOf("a"));
  const second = writer.store(rowsOf("b"));
  controller.abort(new Error("enough"));
  await expect(second).rejects.toThrow(/enough|aborted/);
});
