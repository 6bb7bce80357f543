import { expect, test } from "@jest/globals";
import { type Measurement, median, memoryOf, peakOf, speedOf, summarise, timeOf } from "../../bench/figures.js";

const run = (rows: number, ownSeconds: number, wallSeconds: number, peakBytes?: number): Measurement => ({
  rows,
  ownSeconds,
  wallSeconds,
  peakBytes,
  cpuSeconds: undefined,
  serverCpuSeconds: undefined,
});

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
  [[], Number.NaN],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("each figure of a summary is the median of its own; what the system does not tell stays unknown", () => {
  const summary = summarise("ours", [run(100, 1, 9), run(100, 2, 7), run(100, 4, 8)]);
  expect(summary).toMatchObject({ ownSeconds: 2, wallSeconds: 8, rowsPerSecond: 50 });
  expect(summary.peakBytes).toBeUndefined();
  expect(peakOf(summary, 400)).toEqual([]);
});

test("targets are judged by the programs' own figures, or by the time of whole processes", () => {
  const ours = summarise("ours", [run(100, 1, 2)]);
  const theirs = summarise("theirs", [run(100, 3, 8)]);
  expect(speedOf(ours, theirs, 3)).toMatchObject({ value: 3, wholeProcess: 4, met: true });
  expect(speedOf(ours, theirs, 3.5)).toMatchObject({ met: false });
  expect(timeOf(ours, theirs, 0.5)).toMatchObject({ value: 1 / 3, wholeProcess: 0.25, met: true });
  expect(timeOf(ours, theirs, 0.3)).toMatchObject({ met: false });
  expect(speedOf(ours, theirs, 3.5, { judgedBy: "process" })).toMatchObject({ value: 3, met: true });
  expect(timeOf(ours, theirs, 0.3, { judgedBy: "process" })).toMatchObject({ value: 1 / 3, met: true });
});

test("memory is the highest peak of all runs, not a median", () => {
  const summary = summarise("ours", [run(100, 1, 1, 100e6), run(100, 1, 1, 390e6), run(100, 1, 1, 120e6)]);
  expect(peakOf(summary, 400)).toMatchObject([{ value: 390, unit: " MB", met: true }]);
  expect(peakOf(summary, 380)).toMatchObject([{ met: false }]);
});

test("memory is compared at its worst: our highest peak against their lowest", () => {
  const ours = summarise("ours", [run(100, 1, 1, 100e6), run(100, 1, 1, 200e6)]);
  const theirs = summarise("theirs", [run(100, 1, 1, 800e6), run(100, 1, 1, 500e6)]);
  expect(memoryOf(ours, theirs, 0.5)).toMatchObject([{ value: 0.4, unit: "×", met: true }]);
  expect(memoryOf(ours, summarise("unknown", [run(100, 1, 1)]), 0.5)).toEqual([]);
});

test("processor time counts the server's work for a program with its own", () => {
  const ours = summarise("ours", [{ ...run(100, 1, 1), cpuSeconds: 1, serverCpuSeconds: 2 }]);
  const theirs = summarise("theirs", [{ ...run(100, 1, 1), cpuSeconds: 4, serverCpuSeconds: 2 }]);
  expect(speedOf(ours, theirs, 1).processor).toBe(2);
  expect(timeOf(ours, theirs, 1).processor).toBe(0.5);
  expect(timeOf(ours, summarise("unknown", [run(100, 1, 1)]), 1).processor).toBeUndefined();
});
