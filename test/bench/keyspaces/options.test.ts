import { expect, test } from "@jest/globals";
import { parseKeyspacesOptions } from "../../../bench/keyspaces/options.js";

test("a million rows and three rounds, unless told otherwise", () => {
  expect(parseKeyspacesOptions([], "/home")).toEqual({ rows: 1_000_000, rounds: 3, json: null });
  const args = ["--rows", "2000", "--rounds", "1", "--json", "figures.json"];
  expect(parseKeyspacesOptions(args, "/home")).toEqual({ rows: 2000, rounds: 1, json: "/home/figures.json" });
});

test.each([
  [["--rows", "0"], 'Expected `--rows` to be a positive whole number, got "0"'],
  [["--rounds", "many"], 'Expected `--rounds` to be a positive whole number, got "many"'],
  [["--row", "5"], "Unknown option '--row'"],
])("%j is refused with a word", (args, message) => {
  expect(() => parseKeyspacesOptions(args, "/home")).toThrow(message);
});
