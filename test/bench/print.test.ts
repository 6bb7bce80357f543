import { expect, test } from "@jest/globals";
import { type Measurement, summarise, timeOf } from "../../bench/figures.js";
import { describeBlock } from "../../bench/print.js";

const run = (ownSeconds: number, serverCpuSeconds: number | undefined): Measurement => ({
  rows: 1000,
  ownSeconds,
  wallSeconds: ownSeconds + 1,
  peakBytes: 5e6,
  cpuSeconds: 2 * ownSeconds,
  serverCpuSeconds,
});

test.each([
  [0.5, true],
  [undefined, false],
])("what the server used, %s, has a column only where there is a server", (serverCpuSeconds, shown) => {
  const [ours, theirs] = [1, 4].map((seconds) => summarise(`took ${seconds}`, [run(seconds, serverCpuSeconds)]));
  const text = describeBlock({
    title: "Fits",
    programs: [ours!, theirs!],
    comparisons: [timeOf(ours!, theirs!, 0.7)],
  });
  expect(text.includes("Cassandra CPU s")).toBe(shown);
  expect(text).toMatch(/took 1 against took 4: time {2}0\.25× +0\.40× +0\.\d\d× {2}≤ 0\.7× {2}ok$/);
});

test("a ratio has as many digits as it asks for", () => {
  const comparison = { what: "inertia", value: 0.99999991, unit: "×", target: { atMost: 1 }, met: true } as const;
  const lineOf = (digits: object) =>
    describeBlock({
      title: "",
      programs: [summarise("ours", [run(1, undefined)])],
      comparisons: [{ ...comparison, ...digits }],
    })
      .split("\n")
      .at(-1);
  expect(lineOf({})).toBe("  inertia  1.00×    ≤ 1×  ok");
  expect(lineOf({ digits: 7 })).toBe("  inertia  0.9999999×    ≤ 1×  ok");
});
