import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { unguarded } from "@keyspaces-segmentation/common/dist/csv_field.js";
import {
  formatReject,
  type MaxRejects,
  openRejectsFile,
  readMaxRejects,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/rejects.js";
import { csvRecords } from "../../../test/support/invoice_files.js";

test("a line of the file can be read as CSV, whatever it holds", () => {
  expect(formatReject({ lineNumber: 7, reason: "no invoice number", line: "a;b" })).toBe("7,no invoice number,a;b\n");
  expect(formatReject({ lineNumber: 8, reason: '"x" is no date', line: '1,"POTS, ""RED""",2' })).toBe(
    '8,"""x"" is no date","1,""POTS, """"RED"""""",2"\n',
  );
  expect(formatReject({ lineNumber: 9, reason: "r", line: "two\nlines" })).toBe('9,r,"two\nlines"\n');
});

test("a line that a spreadsheet would run is text there, and can be had back", () => {
  for (const line of ["=cmd|' /C calc'!A0,1", "-1,2", "+1", "@x", "\t=1", "'=1", 'a,"=1"']) {
    const text = formatReject({ lineNumber: 7, reason: `=${line}`, line });
    const [{ fields }] = csvRecords(text) as unknown as [{ fields: string[] }];
    expect(fields[0]).toBe("7");
    for (const field of fields) expect(field).not.toMatch(/^[=+\-@\t\r]/);
    expect(fields.slice(1).map(unguarded)).toEqual([`=${line}`, line]);
  }
});

describe("the file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rejects-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const reject = (lineNumber: number) => ({ lineNumber, reason: "r", line: "£" });

  test("has a header even without rejects, replaces an older one, and is complete once closed", async () => {
    const path = join(folder, "out", "rejects.csv");
    for (const count of [20_000, 0]) {
      const file = await openRejectsFile(path);
      for (let i = 0; i < count; i++) file.add([reject(i + 2)]);
      await file.close();
      const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
      expect(lines[0]).toBe("line_number,reason,line");
      expect(lines).toHaveLength(count + 1);
    }
  });

  test("goes on behind the bytes that are to be kept, and drops what follows them", async () => {
    const path = join(folder, "continued.csv");
    const first = await openRejectsFile(path);
    first.add([reject(2)]);
    const kept = await first.flush();
    expect(kept).toBe((await stat(path)).size);
    first.add([reject(3), reject(4)]);
    await first.close();
    const second = await openRejectsFile(path, kept);
    second.add([reject(5)]);
    expect(await second.flush()).toBe((await stat(path)).size);
    await second.close();
    expect(await readFile(path, "utf8")).toBe("line_number,reason,line\n2,r,£\n5,r,£\n");
  });
});

test.each<[MaxRejects, number, number, boolean]>([
  [0, 0, 10, false],
  [0, 1, 10, true],
  [5, 5, 5, false],
  [5, 6, 1_000_000, true],
  ["20%", 999, 999, false],
  ["20%", 200, 1000, false],
  ["20%", 201, 1000, true],
  ["0%", 1, 1000, true],
  ["0.5%", 5, 1000, false],
  ["0.5%", 6, 1000, true],
  ["100%", 1000, 1000, false],
])("%p: %d of %d lines", (maxRejects, rejected, lines, tooMany) => {
  expect(readMaxRejects(maxRejects)(rejected, lines)).toBe(tooMany);
});

test.each([-1, Number.NaN, "5", "101%", "-1%", "%", "many" as const])("refuses %p", (maxRejects) => {
  expect(() => readMaxRejects(maxRejects as MaxRejects)).toThrow(
    /^Expected `maxRejects` to be a number of lines or a percentage/,
  );
});
