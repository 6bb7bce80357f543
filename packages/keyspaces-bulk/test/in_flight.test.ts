import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { type InFlightOptions, inFlight } from "@keyspaces-segmentation/keyspaces-bulk/dist/in_flight.js";

/** At most two at a time; each task waits until it is ended by hand. */
function twoAtATime(options: Partial<InFlightOptions> = {}) {
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (reason: Error) => void }>();
  const seen = { waits: 0, failures: 0 };
  const requests = inFlight({
    isFull: (running) => running >= 2,
    onWait: async () => void seen.waits++,
    onFailure: () => void seen.failures++,
    ...options,
  });
  const start = (name: string) =>
    requests.start(() => {
      begun.push(name);
      return new Promise((resolve, reject) => ends.set(name, { resolve, reject }));
    });
  return { begun, ends, seen, requests, start };
}

test("a task that finds no room begins when another has ended", async () => {
  const { begun, ends, seen, start, requests } = twoAtATime();
  await start("a");
  await start("b");
  const third = start("c");
  await turn();
  expect(begun).toEqual(["a", "b"]);
  ends.get("b")!.resolve();
  await third;
  expect(begun).toEqual(["a", "b", "c"]);
  expect(seen.waits).toBe(1);
  ends.get("a")!.resolve();
  ends.get("c")!.resolve();
  await requests.finish();
  expect(seen).toEqual({ waits: 2, failures: 0 });
});

test("after a failure nothing begins, and the first one is told", async () => {
  const { begun, ends, seen, start, requests } = twoAtATime();
  await start("a");
  await start("b");
  ends.get("b")!.reject(new Error("first"));
  await expect(start("c")).rejects.toThrow("first");
  ends.get("a")!.reject(new Error("second"));
  await expect(requests.finish()).rejects.toThrow("first");
  expect(begun).toEqual(["a", "b"]);
  expect(seen.failures).toBe(2);
});

test("who finishes waits for the last, and hears of its failure", async () => {
  const { ends, start, requests } = twoAtATime();
  await start("a");
  const finished = requests.finish();
  ends.get("a")!.reject(new Error("late"));
  await expect(finished).rejects.toThrow("late");
});

test("an aborted signal lets nothing begin", async () => {
  const controller = new AbortController();
  const { begun, ends, start, requests } = twoAtATime({ signal: controller.signal });
  await start("a");
  controller.abort(new Error("enough"));
  await expect(start("b")).rejects.toThrow("enough");
  expect(begun).toEqual(["a"]);
  ends.get("a")!.resolve();
  await requests.drain();
});

test("draining waits for all and throws nothing", async () => {
  const { ends, start, requests } = twoAtATime();
  await start("a");
  await start("b");
  let drained = false;
  const draining = requests.drain().then(() => (drained = true));
  ends.get("a")!.reject(new Error("any"));
  await turn();
  expect(drained).toBe(false);
  ends.get("b")!.resolve();
  await draining;
});
