import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { StepError } from "../../../src/errors.js";
import { say, warn } from "../../../src/report/say.js";

let shown: string[];
beforeEach(() => {
  shown = [];
  jest.spyOn(console, "log").mockImplementation((text: string) => {
    shown.push(text);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

test("a sentence reads without its markup where none is shown", () => {
  say("**3 customers** are in `shop`.");
  expect(shown).toEqual(["3 customers are in shop."]);
});

test("a warning says what has failed and, if there is something, what to do", () => {
  warn(new StepError({ tried: "delete the model m", got: "AccessDenied", hint: "Remove it by hand: aws …" }));
  warn(new StepError({ tried: "delete the model m", got: "AccessDenied" }));
  expect(shown).toEqual([
    "Could not delete the model m: AccessDenied.\nRemove it by hand: aws …",
    "Could not delete the model m: AccessDenied.",
  ]);
});
