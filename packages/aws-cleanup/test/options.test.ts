import { expect, test } from "@jest/globals";
import { choiceOf } from "@keyspaces-segmentation/aws-cleanup/dist/options.js";

test("runs and all are not both taken, as all would go for nothing", () => {
  expect(choiceOf({ run: ["a", "b"], "dry-run": true })).toEqual({ choice: { runs: ["a", "b"] }, isDryRun: true });
  expect(choiceOf({ all: true })).toEqual({ choice: "all", isDryRun: false });
  expect(choiceOf({})).toEqual({ choice: "broken off", isDryRun: false });
  expect(() => choiceOf({ run: ["a"], all: true })).toThrow(
    "Could not choose what goes: both --run and --all are given.",
  );
});
