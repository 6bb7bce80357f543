import { expect, test } from "@jest/globals";
import { type FileLedger, refuseNoLines } from "@keyspaces-segmentation/invoices";

const bins: FileLedger["bins"] = [{ bin: "purchase", lines: 0, amount: "0" }];
const rejects = (...counts: number[]) => counts.map((lines, i) => ({ reason: `reason ${i + 1}`, lines, amount: "0" }));

test("a file without one invoice line is refused with the most frequent reasons", () => {
  expect(() => refuseNoLines({ lines: 1700, bins, rejects: rejects(1500, 150, 30, 19, 1) })).toThrow(
    "Could not read invoice lines: all 1,700 lines were rejected, 1,500 because: reason 1; 150 because: reason 2; 30 because: reason 3; and 2 other reasons",
  );
});

test("a file with one is not, nor one without rejects", () => {
  const one: FileLedger["bins"] = [{ bin: "no_customer", lines: 1, amount: "1" }];
  expect(refuseNoLines({ lines: 10, bins: one, rejects: rejects(9) })).toBeUndefined();
  expect(refuseNoLines({ lines: 0, bins, rejects: [] })).toBeUndefined();
});
