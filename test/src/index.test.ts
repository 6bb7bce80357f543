import { expect, test } from "@jest/globals";
import { charts, keyspaces } from "../../src/index.js";

const never = undefined as never;

test("a step whose inputs a failed cell was to make says so, before anything happens", () => {
  const inputs = { preflight: {} as never, loaded: never };
  expect(() => keyspaces.read({} as never, {} as never, inputs, {} as never)).toThrow(
    "Could not run keyspaces.read: `loaded` has no value.",
  );
  expect(() => charts.loadHistory(never)).toThrow("Could not run charts.loadHistory: its first argument has no value.");
});
