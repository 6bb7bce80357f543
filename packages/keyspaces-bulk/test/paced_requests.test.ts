import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { pacedRequests } from "@keyspaces-segmentation/keyspaces-bulk/dist/paced_requests.js";
import type { Client } from "cassandra-driver";

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
