import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { formatReject, openRejectsFile } from "../../../src/keyspaces/rejects_file.js";

test("a line of the file can be read as CSV, whatever it holds", () => {
  expect(formatReject({ lineNumber: 7, reason: "no invoice number", line: "a;b" })).toBe("7,no invoice number,a;b\n");
  expect(formatReject({ lineNumber: 8, reason: '"x" is no date', line: '1,"POTS, ""RED""",2' })).toBe(
    '8,"""x"" is no date","1,""POTS, """"RED"""""",2"\n',
  );
  expect(formatReject({ lineNumber: 9, reason: "r", line: "two\nlines" })).toBe('9,r,"two\nlines"\n');
});

test("the file has a header even without rejects, replaces an older one, and is complete once closed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rejects-"));
  const path = join(folder, "out", "rejects.csv");
  for (const count of [20_000, 0]) {
    const file = await openRejectsFile(path);
    for (let i = 0; i < count; i++) await file.add({ lineNumber: i + 2, reason: "r", line: "l" });
    await file.close();
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines[0]).toBe("line_number,reason,line");
    expect(lines).toHaveLength(count + 1);
  }
  await rm(folder, { recursive: true });
});
