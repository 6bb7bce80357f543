import { describe, expect, test } from "@jest/globals";
import { forCells } from "@keyspaces-segmentation/notebook-charts";

const calls: unknown[][] = [];
const kept = (...given: unknown[]) => calls.push(given);
const steps = forCells("steps", { kept, later: async (...given: unknown[]) => kept(...given), size: 5 });

describe("an argument that a failed cell was to make", () => {
  test.each([
    [[undefined], "Could not run steps.kept: its first argument has no value."],
    [[1, 2, undefined], "Could not run steps.kept: its third argument has no value."],
    [[1, 2, 3, undefined], "Could not run steps.kept: its 4th argument has no value."],
    [[null, { scan: 1, loaded: undefined }], "Could not run steps.kept: `loaded` has no value."],
  ])("is refused before anything happens: %j", (given, message) => {
    calls.length = 0;
    expect(() => steps.kept(...given)).toThrow(message);
    expect(calls).toEqual([]);
  });

  test("is refused by what is waited for as well", () => {
    expect(() => steps.later(undefined)).toThrow("Could not run steps.later: its first argument has no value.");
  });
});

test("all other arguments arrive as they are, those left out too, and what is no function stays", async () => {
  calls.length = 0;
  class Table {
    rows = undefined;
  }
  const table = new Table();
  steps.kept(null, 0, "", Number.NaN, [undefined], table);
  await steps.later();
  expect(calls).toEqual([[null, 0, "", Number.NaN, [undefined], table], []]);
  expect(calls[0]?.[5]).toBe(table);
  expect(steps.size).toBe(5);
});
