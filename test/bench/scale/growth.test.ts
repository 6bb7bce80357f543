import { expect, test } from "@jest/globals";
import { describeGrowth } from "../../../bench/scale/describe.js";
import { exponentOf, growthOf } from "../../../bench/scale/growth.js";

test("the exponent is that of the power", () => {
  const powerOf = (exponent: number) => [1, 2, 4, 8].map((x) => ({ x, y: 3 * x ** exponent }));
  for (const exponent of [0, 0.5, 1, 2]) expect(exponentOf(powerOf(exponent))).toBeCloseTo(exponent, 12);
  // numpy.polyfit(numpy.log([1, 2, 3]), numpy.log([2, 3, 7]), 1)[0]
  expect(
    exponentOf([
      { x: 1, y: 2 },
      { x: 2, y: 3 },
      { x: 3, y: 7 },
    ]),
  ).toBeCloseTo(1.0805126, 6);
});

const unknown = { peakBytes: undefined, cpuSeconds: undefined, serverCpuSeconds: undefined };
const points = [
  { size: 1000, seconds: 1, peakBytes: 200e6, cpuSeconds: 0.5, serverCpuSeconds: 0.2 },
  { size: 2000, seconds: 2.1, peakBytes: 210e6, cpuSeconds: 0.9, serverCpuSeconds: 0.5 },
  { size: 4000, seconds: 4, peakBytes: 205e6, cpuSeconds: 1.7, serverCpuSeconds: 1.5 },
];

test("time is told a row, memory as it is", () => {
  const growth = growthOf(points);
  expect(growth.timeSpread).toBeCloseTo(1.05, 12);
  expect(growth.memorySpread).toBeCloseTo(1.05, 12);
  expect(growth.timeExponent).toBeCloseTo(1, 1);
  expect(growthOf(points.map((point) => ({ ...point, peakBytes: undefined })))).toMatchObject({
    memoryExponent: undefined,
    memorySpread: undefined,
  });
});

test("a further row is what a longer file takes more, without the start that all sizes share", () => {
  // A start of 3 s; then 2 s a thousand rows, in the last file 2.5 s for each thousand that it has more.
  const measured = [
    { ...unknown, size: 1000, seconds: 5 },
    { ...unknown, size: 2000, seconds: 7 },
    { ...unknown, size: 4000, seconds: 11 },
    { ...unknown, size: 8000, seconds: 21 },
  ];
  const { timeSpread, furtherRow, furtherRowGrowth } = growthOf(measured);
  expect(furtherRow).toEqual([0.002, 0.002, 0.0025]);
  expect(growthOf(measured).furtherRowCpu).toBeUndefined();
  expect(furtherRowGrowth).toBeCloseTo(1.25, 12);
  // By the time of the whole, it would seem to fall: 5 ms a row of the shortest, 2.625 ms of the longest.
  expect(timeSpread).toBeCloseTo(5 / 2.625, 12);
  expect(growthOf(measured.slice(0, 3)).furtherRowGrowth).toBe(1);
  // Two sizes have one such figure, which can be held against nothing.
  expect(growthOf(measured.slice(0, 2)).furtherRowGrowth).toBeUndefined();
  // A longer file that was quicker tells that the shorter one was disturbed.
  expect(growthOf([{ ...measured[0]!, seconds: 8 }, ...measured.slice(1)]).furtherRowGrowth).toBe(
    Number.POSITIVE_INFINITY,
  );
});

test("a step that grows faster than its target allows is seen", () => {
  const row = (seconds: number, of: "lines" | "customers" = "lines") => {
    const measured = [points[0]!, points[1]!, { ...points[2]!, seconds }];
    return { step: "scan", of, points: measured, growth: growthOf(measured) };
  };
  const targets = { furtherRowGrowth: 1.1, memorySpread: 1.1 };
  const text = describeGrowth([
    { ...row(4), targets },
    { ...row(5.4), targets },
    { ...row(9, "customers"), targets: {} },
  ]);
  expect(text).toMatch(/scan +1,000 lines +1\.00 +1000\.00 +– +– +– +200$/m);
  expect(text).toMatch(/scan +4,000 lines +4\.00 +1000\.00 +950\.00 +400\.00 +500\.00 +205$/m);
  expect(text).toMatch(/scan +n\^1\.00 +1\.05× +0\.86× \(≤ 1\.1×\) +n\^0\.02 +1\.05× \(≤ 1\.1×\) +ok$/m);
  expect(text).toMatch(/scan +n\^1\.22 +1\.35× +1\.50× \(≤ 1\.1×\) +n\^0\.02 +1\.05× \(≤ 1\.1×\) +missed$/m);
  expect(text).toMatch(/scan +n\^1\.58 +2\.25× +3\.14× +n\^0\.02 +1\.05×$/m);
});
