import { expect, test } from "@jest/globals";
import { QUICK, readPace } from "../../local/pace.js";

test("the stand-in is quick unless it is told to take its time", () => {
  expect(readPace()).toBe(QUICK);
  expect(readPace("quick")).toBe(QUICK);
  const real = readPace("real");
  expect(real.definition).toBeGreaterThan(QUICK.definition);
  expect(real.job).toBeGreaterThan(QUICK.job);
});

test.each(["", "fast", "toString"])("%j is no pace", (word) => {
  expect(() => readPace(word)).toThrow(`LOCAL_PACE: expected quick or real, got ${JSON.stringify(word)}`);
});
