import { expect, test } from "@jest/globals";
import { ingestPace, recordHistory } from "@keyspaces-segmentation/keyspaces-bulk/dist/ingest_progress.js";

/** A file of 1,000 bytes, settled to write in, and a clock to set. */
function ingestOf(bytes: number, settledLine = 0) {
  const state = { settledLine, stored: settledLine, now: 5000 };
  const settled = { settledLine: () => state.settledLine, stored: () => state.stored };
  return { state, pace: ingestPace(bytes, settled, () => state.now) };
}

test("a file that is parsed at once is done when its lines are settled, not when they are read", () => {
  const { state, pace } = ingestOf(1000);
  pace.take(1000);
  pace.parsed(200);
  pace.start();
  expect(pace.read()).toEqual({ fraction: 0, rowsPerSecond: 0, remainingSeconds: null });
  state.settledLine = 50;
  state.stored = 40;
  state.now += 2000;
  expect(pace.read()).toEqual({ fraction: 0.25, rowsPerSecond: 20, remainingSeconds: 6 });
});

test("the share settled follows the part that is parsed", () => {
  const { state, pace } = ingestOf(1000);
  pace.take(100);
  pace.parsed(20);
  state.settledLine = 20;
  expect(pace.read().fraction).toBe(0.1);
  pace.take(900);
  expect(pace.read().fraction).toBe(0.1);
  pace.parsed(200);
  state.settledLine = 100;
  expect(pace.read().fraction).toBe(0.5);
});

test("never goes back, though later lines are shorter", () => {
  const { state, pace } = ingestOf(1000);
  pace.take(500);
  pace.parsed(10);
  state.settledLine = 10;
  expect(pace.read().fraction).toBe(0.5);
  pace.take(500);
  pace.parsed(100);
  expect(pace.read().fraction).toBe(0.5);
});

test("what an earlier run settled counts for the share, not for the speed", () => {
  const { state, pace } = ingestOf(1000, 100);
  pace.take(400);
  pace.parsed(80);
  expect(pace.read()).toEqual({ fraction: 0.4, rowsPerSecond: 0, remainingSeconds: null });
  pace.take(600);
  pace.parsed(200);
  pace.start();
  state.settledLine = 150;
  state.stored = 150;
  state.now += 1000;
  expect(pace.read()).toEqual({ fraction: 0.75, rowsPerSecond: 50, remainingSeconds: 1 });
});

const at = (seconds: number) => ({ seconds, stored: 10 * seconds, rejected: 0, retries: 0 });

function historyOf(seconds: number, most: number) {
  const history = recordHistory(most);
  for (let i = 0; i < seconds; i++) history.add(at(i));
  return history.points();
}

test("a short history is kept as it is", () => {
  expect(historyOf(0, 4)).toEqual([]);
  expect(historyOf(1, 4)).toEqual([at(0)]);
  expect(historyOf(4, 4)).toEqual([0, 1, 2, 3].map(at));
});

test("a long one is thinned evenly, and begins and ends where it did", () => {
  for (const length of [5, 6, 7, 9, 100, 1000]) {
    const points = historyOf(length, 4);
    expect(points.length).toBeLessThanOrEqual(5);
    expect(points[0]).toEqual(at(0));
    expect(points.at(-1)).toEqual(at(length - 1));
    const steps = points.slice(1, -1).map(({ seconds }, i) => seconds - points[i]!.seconds);
    expect(new Set(steps).size).toBeLessThanOrEqual(1);
  }
});
