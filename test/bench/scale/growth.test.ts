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

const points = [
  { size: 1000, seconds: 1, peakBytes: 200e6 },
  { size: 2000, seconds: 2.1, peakBytes: 210e6 },
  { size: 4000, seconds: 4, peakBytes: 205e6 },
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

test("a step that grows faster than its target allows is seen", () => {
  const row = (seconds: number, of: "lines" | "customers" = "lines") => {
    const measured = [points[0]!, { ...points[1]!, seconds }];
    return { step: "scan", of, points: measured, growth: growthOf(measured) };
  };
  const targets = { timeSpread: 1.1, memorySpread: 1.1 };
  const text = describeGrowth([
    { ...row(2.1), targets },
    { ...row(3), targets },
    { ...row(8, "customers"), targets: {} },
  ]);
  expect(text).toMatch(/scan +2,000 lines +2\.10 +1050\.00 +210$/m);
  expect(text).toMatch(/scan +n\^1\.07 +1\.05× \(≤ 1\.1×\) +n\^0\.07 +1\.05× \(≤ 1\.1×\) +ok$/m);
  expect(text).toMatch(/scan +n\^1\.58 +1\.50× \(≤ 1\.1×\) +n\^0\.07 +1\.05× \(≤ 1\.1×\) +missed$/m);
  expect(text).toMatch(/scan +n\^3\.00 +4\.00× +n\^0\.07 +1\.05×$/m);
});
