import { expect, test } from "@jest/globals";
import { ArgumentError } from "../../src/errors.js";

test("an argument error names the argument, the rule and the value", () => {
  expect(new ArgumentError("k", "an integer from 1 to 157", 0).message).toBe(
    "Expected `k` to be an integer from 1 to 157, got 0",
  );
});
