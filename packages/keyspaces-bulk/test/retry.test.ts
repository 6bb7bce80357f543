import { describe, expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { ConnectionLost } from "@keyspaces-segmentation/keyspaces-bulk/dist/failure.js";
import { type RetryOptions, withRetries } from "@keyspaces-segmentation/keyspaces-bulk/dist/retry.js";
import { errors } from "cassandra-driver";

const answer = (code: number, message = "as the server words it") => new errors.ResponseError(code, message);
const socketClosed = Object.assign(new Error("Socket was closed"), { isSocketError: true });

/** A clock that only sleeping moves, and the pauses that were slept. */
function patience(random = 1): RetryOptions & { pauses: number[] } {
  let time = 0;
  const pauses: number[] = [];
  return {
    pauses,
    random: () => random,
    now: () => time,
    sleep: async (ms) => {
      pauses.push(ms);
      time += ms;
    },
  };
}

/** Fails with the given errors, one a call, then answers "done". */
function failing(...failures: unknown[]): () => Promise<string> {
  return async () => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return "done";
  };
}

describe("a request", () => {
  test.each([
    ["server error", answer(0x0000)],
    ["unavailable", answer(0x1000)],
    ["overloaded", answer(0x1001)],
    ["bootstrapping", answer(0x1002)],
    ["write timeout", answer(0x1100)],
    ["read timeout", answer(0x1200)],
    ["read failure", answer(0x1300)],
    ["write failure", answer(0x1500)],
    ["client timeout", new errors.OperationTimedOutError("The host did not reply")],
    ["closed socket", socketClosed],
    ["unprepared", answer(0x2500)],
    ["no host", new errors.NoHostAvailableError({})],
    ["a host that is down", new errors.NoHostAvailableError({ a: "Host considered as DOWN" })],
    ["a pool that ran empty", new Error("No connection available")],
    ["connections that are all busy", new errors.BusyConnectionError("a:1", 2048, 2)],
    ["a refused connection", new ConnectionLost("a", Object.assign(new Error("refused"), { code: "ECONNREFUSED" }))],
    ["a write timeout inside no host", new errors.NoHostAvailableError({ a: answer(0x1100) })],
  ])("is tried again after: %s", async (_name, failure) => {
    const retries: unknown[] = [];
    const options = { ...patience(), onRetry: (error: unknown) => retries.push(error) };
    expect(await withRetries(failing(failure, failure), options)).toBe("done");
    expect(retries).toEqual([failure, failure]);
  });

  test.each([
    ["invalid", answer(0x2200, "Consistency level ONE is not supported for this operation.")],
    ["unauthorized", answer(0x2100)],
    ["bad credentials", answer(0x0100)],
    ["syntax", answer(0x2000)],
    ["unauthorized inside no host", new errors.NoHostAvailableError({ a: answer(0x2100) })],
    ["a refused log-in", new ConnectionLost("a", answer(0x0100))],
    ["credentials that cannot be had", new ConnectionLost("a", new StepError({ tried: "sign", got: "no" }))],
    ["the client's end", new errors.NoHostAvailableError(null, "Connecting after shutdown is not supported")],
    ["unconfigured table", answer(0x2200, "unconfigured table ks.t")],
    ["a mistake of ours", new TypeError("x")],
  ])("is not tried again after: %s", async (_name, failure) => {
    await expect(withRetries(failing(failure), patience())).rejects.toBe(failure);
  });
});

test("pauses reach twice as far each time, up to a cap, and take a random part of it", async () => {
  const whole = patience(1);
  await withRetries(failing(...Array(9).fill(answer(0x1100))), whole);
  expect(whole.pauses).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  const part = patience(0.25);
  await withRetries(failing(answer(0x1100), answer(0x1100)), part);
  expect(part.pauses).toEqual([12.5, 25]);
});

test("gives up when the time is over, and says after what", async () => {
  const always = failing(...Array(1000).fill(answer(0x1100, "timed out")));
  const { pauses, ...options } = patience();
  await expect(withRetries(always, { ...options, deadlineMs: 10_000 })).rejects.toThrow(
    /^Could not get an answer from Amazon Keyspaces within 10 s: after \d+ attempts it was still: timed out\.$/,
  );
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(10_000);
});

test("a fresh table is waited for, for its own time", async () => {
  const unconfigured = answer(0x2200, "unconfigured table ks.t");
  expect(await withRetries(failing(unconfigured, unconfigured), { ...patience(), freshTableMs: 1000 })).toBe("done");
  const { pauses, ...options } = patience();
  await expect(
    withRetries(failing(...Array(99).fill(unconfigured)), { ...options, freshTableMs: 1000 }),
  ).rejects.toThrow("Could not get an answer from Amazon Keyspaces within 1 s");
  expect(pauses.length).toBeGreaterThan(2);
});

test("an abort ends the waiting with its own reason", async () => {
  const controller = new AbortController();
  const options = { ...patience(), signal: controller.signal, onRetry: () => controller.abort(new Error("enough")) };
  await expect(withRetries(failing(answer(0x1100)), options)).rejects.toThrow("enough");
});
