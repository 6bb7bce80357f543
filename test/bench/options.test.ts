import { expect, test } from "@jest/globals";
import { readBenchOptions } from "../../bench/options.js";

const defaults = { rows: 1_000_000, rounds: 3 };

test("rows and rounds are the benchmark's own, unless told otherwise", () => {
  expect(readBenchOptions([], "/home", defaults)).toEqual({ rows: 1_000_000, rounds: 3, json: null });
  const args = ["--rows", "2000", "--rounds", "1", "--json", "figures.json"];
  expect(readBenchOptions(args, "/home", defaults)).toEqual({ rows: 2000, rounds: 1, json: "/home/figures.json" });
});

test.each([
  [["--rows", "0"], 'Expected `--rows` to be a positive whole number, got "0"'],
  [["--rounds", "many"], 'Expected `--rounds` to be a positive whole number, got "many"'],
  [["--row", "5"], "Unknown option '--row'"],
])("%j is refused with a word", (args, message) => {
  expect(() => readBenchOptions(args, "/home", defaults)).toThrow(message);
});
