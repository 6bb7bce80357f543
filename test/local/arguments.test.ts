import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { parseShareArguments, parseStartArguments, parseUpArguments, UsageError } from "../../local/arguments.js";

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

test("the size of generated data is two numbers, of which each follows from the other", () => {
  const sizeOf = (...args: string[]) => parseStartArguments(args, cwd).size;
  expect(sizeOf()).toBeUndefined();
  expect(sizeOf("--lines", "600000", "--customers", "5000")).toEqual({ lines: 600_000, customers: 5000 });
  expect(sizeOf("--lines", "600000")).toEqual({ lines: 600_000, customers: 5000 });
  expect(sizeOf("--customers", "20000")).toEqual({ lines: 2_400_000, customers: 20_000 });
  expect(sizeOf("--lines", "1")).toEqual({ lines: 1, customers: 8 });
});

test.each([
  { args: ["--lines", "0"], says: /`--lines` to be a whole number of at least 1, got "0"/ },
  { args: ["--lines", "1e6"], says: /`--lines` to be a whole number/ },
  { args: ["--customers", "7"], says: /`--customers` to be a whole number of at least 8, got "7"/ },
  { args: ["--lines", "9", "--data", "file"], says: /`--data`, or `--lines` and `--customers` .*, got both/ },
  { args: ["--param", "K=5"], says: /`--param` to be name=value/ },
  { args: ["--param", "outputDirectory=elsewhere"], says: /`--out` for the folder of the results/ },
  { args: ["--out", "file"], says: /`--out` to be a folder, got "file", which is a file/ },
  { args: ["--data", "."], says: /`--data` to be a file of invoices, got "."/ },
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

test("npm run local may begin anew, and takes no other option", () => {
  expect(parseUpArguments([])).toEqual({ reset: false });
  expect(parseUpArguments(["--reset"])).toEqual({ reset: true });
  expect(() => parseUpArguments(["--keep"])).toThrow(UsageError);
});
