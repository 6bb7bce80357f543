import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import {
  congestionWindow,
  type InFlightOptions,
  inFlight,
  rateLimit,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/flow_control.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";

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

test("a task that fails before it has begun is a failure like any other", async () => {
  const { seen, requests, ends, start } = twoAtATime();
  await start("a");
  const reason = new Error("at once");
  await requests.start(() => {
    throw reason;
  });
  ends.get("a")!.resolve();
  await expect(requests.finish()).rejects.toBe(reason);
  await requests.drain();
  expect(seen.failures).toBe(1);
});

function grown(window: ReturnType<typeof congestionWindow>, answers: number): number {
  for (let i = 0; i < answers; i++) window.answered(6);
  return window.size();
}

test("grows with each answer until the first timeout, then by one a round", () => {
  let time = 0;
  const window = congestionWindow({ first: 16, most: 256, now: () => time });
  expect(grown(window, 84)).toBe(100);
  time = 1;
  window.cut(0.5);
  expect(window.size()).toBe(50);
  expect(grown(window, 49)).toBe(50);
  expect(grown(window, 2)).toBe(51);
});

test("is halved once for all requests that were under way together", () => {
  let time = 10;
  const window = congestionWindow({ first: 64, now: () => time });
  for (const startedAt of [1, 2, 9]) window.cut(startedAt);
  expect(window.size()).toBe(32);
  time = 20;
  window.cut(11);
  expect(window.size()).toBe(16);
});

test("never closes, and never opens wider than allowed", () => {
  let time = 0;
  const window = congestionWindow({ first: 4, most: 8, now: () => ++time });
  expect(grown(window, 100)).toBe(8);
  for (let i = 0; i < 20; i++) window.cut(Number.POSITIVE_INFINITY);
  expect(window.size()).toBe(1);
});

/**
 * A service that takes so many requests a second, one after the other, behind such a line, is sent as many as the window allows.
 *
 * @returns the window in the end, and how many requests a second were answered in the second half
 */
function underLoad({
  lineMs,
  perSecond,
  answers = 20_000,
}: {
  lineMs: () => number;
  perSecond: number;
  answers?: number;
}) {
  let time = 0;
  const window = congestionWindow({ now: () => time });
  const underWay: { began: number; done: number }[] = [];
  let free = 0;
  let half = 0;
  for (let answered = 0; answered < answers; answered++) {
    while (underWay.length < window.size()) {
      free = Math.max(free, time) + 1000 / perSecond;
      const done = free + lineMs();
      const later = underWay.findIndex((each) => each.done > done);
      underWay.splice(later < 0 ? underWay.length : later, 0, { began: time, done });
    }
    const { began, done } = underWay.shift()!;
    time = done;
    window.answered(time - began);
    if (answered === answers / 2) half = time;
  }
  return { size: window.size(), perSecond: (1000 * (answers / 2)) / (time - half) };
}

test("no more wait in a service that is near than keep it busy", () => {
  const { size, perSecond } = underLoad({ lineMs: () => 1, perSecond: 5000 });
  expect(perSecond).toBeGreaterThan(0.99 * 5000);
  expect(size).toBeLessThan(160);
});

test("a service that is far away is sent as much as the window may be", () => {
  const { size, perSecond } = underLoad({ lineMs: () => 150, perSecond: 5000 });
  expect(size).toBe(256);
  expect(perSecond).toBeGreaterThan(0.95 * (256 / 0.15));
});

test("answers that vary, some by a lot, keep no service from being busy", () => {
  const random = seededRandom(1);
  for (const [line, takes] of [
    [80, 2000],
    [10, 5000],
    [3, 5000],
  ] as const) {
    const lineMs = () => line * (random() < 0.02 ? 10 : 0.85 + 0.3 * random());
    const { perSecond } = underLoad({ lineMs, perSecond: takes });
    expect(perSecond).toBeGreaterThan(0.95 * takes);
  }
});

test.each<[string, (random: () => number, asked: number) => number]>([
  ["the first answer is quick", (_, asked) => (asked === 0 ? 5 : 150)],
  ["one in a thousand is quick", (random) => (random() < 0.001 ? 20 : 150)],
  [
    "they vary by half",
    (random) => 150 * Math.exp(0.5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())),
  ],
])("a service that is far away is sent as much where %s", (_, answerMs) => {
  const random = seededRandom(2);
  let asked = 0;
  const { size } = underLoad({ lineMs: () => answerMs(random, asked++), perSecond: 5000 });
  expect(size).toBeGreaterThan(240);
});

/** Books amounts one after the other, waiting as told; answers with the milliseconds that took. */
function durationOf(amounts: number[], perSecond: () => number): number {
  let time = 1000;
  const book = rateLimit(perSecond, () => time);
  for (const amount of amounts) time += book(amount);
  return time - 1000;
}

test("spaces out to the rate", () => {
  const duration = durationOf(Array(1000).fill(30), () => 10_000);
  expect(duration).toBeGreaterThan(2900);
  expect(duration).toBeLessThanOrEqual(3000);
  expect(durationOf(Array(100).fill(1), () => Number.POSITIVE_INFINITY)).toBe(0);
});

test("lets a short burst through, and no more after a long pause", () => {
  let time = 0;
  const book = rateLimit(
    () => 1000,
    () => time,
  );
  const burst = () => Array.from({ length: 100 }, () => book(1)).filter((wait) => wait === 0).length;
  const first = burst();
  expect(first).toBeGreaterThan(40);
  expect(first).toBeLessThan(60);
  time = 60_000;
  expect(burst()).toBe(first);
});

test("follows a rate that changes", () => {
  let rate = 1000;
  const slow = durationOf(Array(1000).fill(1), () => rate);
  rate = 4000;
  expect(durationOf(Array(1000).fill(1), () => rate)).toBeLessThan(slow / 3);
});
