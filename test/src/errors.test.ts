import { expect, test } from "@jest/globals";
import { ArgumentError, StepError } from "../../src/errors.js";

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
