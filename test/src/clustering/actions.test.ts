import { expect, test } from "@jest/globals";
import { suggestAction } from "../../../src/clustering/actions.js";

const fifths = [0, 1, 2, 3, 4];

test("every place has an action, and every action a place", () => {
  const actions = fifths.flatMap((recency) =>
    fifths.flatMap((frequency) => fifths.map((monetary) => suggestAction({ recency, frequency, monetary }))),
  );
  expect(actions.every((action) => action.length > 10)).toBe(true);
  expect(new Set(actions).size).toBe(9);
});

test("the best are thanked, the lost ones of value called, and those of none let go", () => {
  expect(suggestAction({ recency: 0, frequency: 4, monetary: 4 })).toMatch(/^Thank them/);
  expect(suggestAction({ recency: 4, frequency: 1, monetary: 3 })).toMatch(/^Win them back: a call/);
  expect(suggestAction({ recency: 4, frequency: 0, monetary: 0 })).toMatch(/let them go$/);
});
