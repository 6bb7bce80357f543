import { expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { type Attempt, repeat, waitUntil } from "@keyspaces-segmentation/common/dist/wait.js";

/** A clock that only sleeping moves, and the pauses that were slept. */
function clock() {
  let time = 0;
  const pauses: number[] = [];
  const sleep = async (ms: number) => {
    pauses.push(ms);
    time += ms;
  };
  return { pauses, now: () => time, sleep };
}
const over = new Error("over");
const failed = (patienceMs: number): Attempt<string> => ({ done: false, patienceMs, giveUp: () => over });

test("attempts go on until one succeeds", async () => {
  const { pauses, ...options } = clock();
  const outcomes = [failed(1000), failed(1000), { done: true, value: "there" } as const];
  const attempt = async () => outcomes.shift()!;
  expect(await repeat(attempt, { pauseMs: (n) => 10 * (n + 1), ...options })).toBe("there");
  expect(pauses).toEqual([10, 20]);
});

test("the last attempt comes at the end of patience, not before", async () => {
  const { pauses, ...options } = clock();
  const said: number[] = [];
  const attempt = async (): Promise<Attempt<string>> => ({
    done: false,
    patienceMs: 100,
    onRetry: () => said.push(options.now()),
    giveUp: (attempts) => new Error(`after ${attempts}`),
  });
  await expect(repeat(attempt, { pauseMs: () => 30, ...options })).rejects.toThrow("after 5");
  expect(pauses).toEqual([30, 30, 30, 10]);
  expect(said).toEqual([0, 30, 60, 90]);
});

test("each failure has patience of its own, counted from the first attempt", async () => {
  const { pauses, ...options } = clock();
  const outcomes = [failed(1000), failed(1000), failed(50)];
  await expect(repeat(async () => outcomes.shift()!, { pauseMs: () => 30, ...options })).rejects.toBe(over);
  expect(pauses).toEqual([30, 30]);
});

test("an abort ends the pause with its own reason, and no attempt follows", async () => {
  const controller = new AbortController();
  let attempts = 0;
  const attempt = async () => {
    attempts++;
    setImmediate(() => controller.abort(new Error("enough")));
    return failed(1000);
  };
  await expect(repeat(attempt, { pauseMs: () => 60_000, signal: controller.signal })).rejects.toThrow("enough");
  expect(attempts).toBe(1);
});

test("a wait says what it has last seen", async () => {
  let looks = 0;
  const wait = waitUntil("the table", async () => ({ seen: `look ${++looks}` }), { deadlineMs: 20, firstDelayMs: 5 });
  await expect(wait).rejects.toThrow(StepError);
  await expect(wait).rejects.toThrow(`Could not wait for the table: gave up after 0 s, last seen: look ${looks}.`);
});

test.each([undefined, false] as const)("a look that answers %s has not seen it", async (notYet) => {
  let looks = 0;
  const look = async () => ({ done: ++looks === 3 ? "the table" : notYet, seen: `look ${looks}` });
  expect(await waitUntil("the table", look, { deadlineMs: 10_000, firstDelayMs: 1 })).toBe("the table");
  expect(looks).toBe(3);
});
