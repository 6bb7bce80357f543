import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { CASES, cases, testOnCases } from "../support/cases.js";
import { segment } from "../support/segment.js";

/** Each kind of trouble once, in the order of the folders: those whose way into the database differs from what a file alone tells. */
const KINDS = [
  "01-kaggle",
  "04-german-excel",
  "09-utf-16",
  "12-excel-workbook",
  "15-sheets",
  "16-order-fields",
  "19-am-pm",
  "22-guests",
  "23-one-address",
  "25-leading",
  "31-trailing",
  "34-invoice-numbers",
  "36-nothing",
  "46-by-the-kilo",
  "49-invoice-numbers",
];

/** The last file of each kind that is to be read. */
const chosen = KINDS.map(
  (kind) => cases.filter(({ folder, expected }) => folder.startsWith(kind) && expected !== null).at(-1)!,
);

/** `customer_id,recency_days,frequency,monetary`, sorted, money as a number. */
const sorted = (rows: readonly (readonly string[])[]): string[] =>
  rows.map(([id, recency, frequency, monetary]) => [id, recency, frequency, Number(monetary)].join(",")).sort();

testOnCases.each(chosen.map((each) => ({ ...each, name: `${each.folder}/${each.file}` })))(
  "$name through the notebook",
  async ({ folder, file, expected }) => {
    const path = join(CASES, folder, expected!);
    const [, ...rows] = readFileSync(existsSync(path) ? path : join(CASES, "00-reference/expected.csv"), "utf8")
      .trim()
      .split(/\r?\n/);
    const { customers, summary } = await segment(
      `case_${folder.slice(0, 2)}`,
      readFileSync(join(CASES, folder, file)),
      { SEGMENTATION_K: "3" },
    );
    expect(sorted(customers.map(([id, , ...features]) => [id!, ...features.slice(0, 3)]))).toEqual(
      sorted(rows.map((row) => row.split(","))),
    );
    expect(summary.dataset.reading.map(({ what }) => what)).toContain("dates");
  },
);
