import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { pacedRequests } from "@keyspaces-segmentation/keyspaces-bulk/dist/paced_requests.js";
import { type Client, errors, types } from "cassandra-driver";

/** On a clock that the test moves, over one connection. */
function pacedAt(clock: { now: number }, giveUpAfterMs: number) {
  const state = { getConnectedHosts: () => [{}], getOpenConnections: () => 1 };
  const sleep = async (ms: number) => {
    clock.now += ms;
  };
  return pacedRequests({ getState: () => state } as unknown as Client, {
    maxRowsPerSecond: Number.POSITIVE_INFINITY,
    giveUpAfterMs,
    clock: { now: () => clock.now, sleep, random: () => 1 },
  });
}

test.each([
  ["that is sent again halves the window", 1, 1000, 8],
  ["that is sent again twice halves it twice", 2, 1000, 4],
  ["that is given up does not: nothing is sent again", Number.POSITIVE_INFINITY, 5, 16],
])("a request that was throttled %s, and is counted as often", async (_, timeouts, giveUpAfterMs, window) => {
  const clock = { now: 0 };
  const requests = pacedAt(clock, giveUpAfterMs);
  let left = timeouts;
  const sent = requests.send(1, async () => {
    clock.now += 10;
    if (left-- > 0) throw new errors.ResponseError(types.responseErrorCodes.writeTimeout, "timeout");
  });
  await sent.catch(() => undefined);
  // One that was answered has let it grow by a part of one.
  expect(requests.window()).toBe(window);
  const cuts = Math.log2(16 / window);
  expect(requests.count).toEqual({ requests: Math.max(1, cuts + 1), retries: cuts, throttled: cuts });
});

test("requests that were answered are garbage at once, however many there have been", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const state = { getConnectedHosts: () => [{}], getOpenConnections: () => 1 };
  let now = 0;
  const clock = { now: () => now++, sleep: async () => undefined, random: () => 0 };
  const options = { maxRowsPerSecond: Number.POSITIVE_INFINITY, giveUpAfterMs: 1000, clock };
  const requests = pacedRequests({ getState: () => state } as unknown as Client, options);
  const oldBytes = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === "old_space")!.space_used_size;
  // What there is now counts as old.
  collectGarbage();
  collectGarbage();
  const before = oldBytes();
  let most = 0;
  for (let round = 0; round < 800; round++) {
    const answers: (() => void)[] = [];
    const sent = Array.from({ length: 256 }, () =>
      requests.send(16, () => new Promise<void>((done) => answers.push(done))),
    );
    for (const answer of answers) answer();
    await Promise.all(sent);
    if (round % 40 === 0) most = Math.max(most, oldBytes() - before);
  }
  expect(requests.count).toEqual({ requests: 800 * 256, retries: 0, throttled: 0 });
  // Of 200,000 requests, some hundred bytes each at least.
  expect(most).toBeLessThan(4_000_000);
});
