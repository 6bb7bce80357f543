import { inspect } from "node:util";
import { expect, test } from "@jest/globals";
import {
  ArgumentError,
  detailsOfLastError,
  messageOf,
  requireInteger,
  StepError,
} from "@keyspaces-segmentation/common/dist/errors.js";

test("an argument error names the argument, the rule and the value", () => {
  expect(new ArgumentError("k", "an integer from 1 to 157", 0).message).toBe(
    "Expected `k` to be an integer from 1 to 157, got 0",
  );
});

test("more can be said about a failure, which stays the same", () => {
  const cause = new Error("socket hang up");
  const failure = new StepError({ tried: "ask", got: "no answer", cause });
  const once = failure.withHint("Ask again.");
  expect(once).toMatchObject({ message: "Could not ask: no answer.", hint: "Ask again.", cause });
  expect(once.withHint("Or wait.").hint).toBe("Ask again. Or wait.");
  expect(failure.hint).toBeUndefined();
});

test.each([
  [1.5, 10, "an integer from 1 to 10, got 1.5"],
  [11, 10, "an integer from 1 to 10, got 11"],
  [0, undefined, "an integer of 1 or more, got 0"],
  [Number.NaN, undefined, "an integer of 1 or more, got NaN"],
])("%p is no integer of 1 to %p", (value, most, rule) => {
  expect(() => requireInteger("n", value, 1, most)).toThrow(`Expected \`n\` to be ${rule}`);
  expect(() => requireInteger("n", 1, 1, most)).not.toThrow();
});

test("what a cell shows of a failure is a line or two, and all the rest can be had of the last one", () => {
  expect(detailsOfLastError()).toBeUndefined();
  const root = new Error("connect ECONNREFUSED");
  const cause = new StepError({ tried: "connect", got: "nobody answers", cause: root });
  const failure = new StepError({ tried: "store the file", got: "the connection is lost", hint: "Try again.", cause });
  expect(inspect(failure)).toBe("Could not store the file: the connection is lost.\nTry again.");
  const details = detailsOfLastError();
  expect(details).toMatch(/^StepError: Could not store the file: the connection is lost\.\n +at /);
  expect(details).toMatch(/\nCaused by: StepError: Could not connect: nobody answers\.\n +at /);
  expect(details).toMatch(/\nCaused by: Error: connect ECONNREFUSED\n +at /);
});

test("an error shows what a terminal would act on, wherever it came from", () => {
  const text = "x\u001b[2J\u202e\u009b1m";
  const failure = new StepError({ tried: `read ${text}`, got: text, hint: text, cause: new Error(text) });
  const shown = [
    inspect(failure),
    inspect(new ArgumentError("k", "a number", text)),
    inspect(failure.withHint(text)),
    messageOf(new Error(text)),
    detailsOfLastError(),
  ].join("\n");
  expect(shown).toContain("x\ufffd[2J");
  expect(shown).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
});
