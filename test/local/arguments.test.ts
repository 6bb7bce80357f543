import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { parseShareArguments, parseStartArguments, UsageError } from "../../local/arguments.js";

const cwd = mkdtempSync(join(tmpdir(), "arguments-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test("without options the results go to out, and the notebook has its own parameters", () => {
  expect(parseStartArguments([], cwd)).toEqual({ data: null, out: join(cwd, "out"), keep: false, parameters: {} });
});

test("a parameter may be spelt as the notebook has it or with underscores; the last of a name counts", () => {
  const args = ["--param", "analysisDate=2011-12-31", "--param", "data_key=a=b", "--param", "k=4", "--param", "k=5"];
  expect(parseStartArguments(args, cwd).parameters).toEqual({
    SEGMENTATION_ANALYSIS_DATE: "2011-12-31",
    SEGMENTATION_DATA_KEY: "a=b",
    SEGMENTATION_K: "5",
  });
});

test.each([
  { args: ["--param", "K=5"], says: /`--param` to be name=value/ },
  { args: ["--param", "outputDirectory=elsewhere"], says: /`--out` for the folder of the results/ },
  { args: ["--out", "file"], says: /`--out` to be a folder, got "file", which is a file/ },
  { args: ["--data", "."], says: /`--data` to be a CSV file, got "."/ },
])("$args is refused", ({ args, says }) => {
  writeFileSync(join(cwd, "file"), "");
  expect(() => parseStartArguments(args, cwd)).toThrow(UsageError);
  expect(() => parseStartArguments(args, cwd)).toThrow(says);
});

test("share takes the folder of the results, and nothing else", () => {
  expect(parseShareArguments([], cwd)).toEqual({ out: join(cwd, "out") });
  expect(parseShareArguments(["--out", "other"], cwd)).toEqual({ out: join(cwd, "other") });
  expect(() => parseShareArguments(["--param", "k=5"], cwd)).toThrow(UsageError);
});
