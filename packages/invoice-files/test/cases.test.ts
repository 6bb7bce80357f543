import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { readParameters } from "@keyspaces-segmentation/common";
import { fileParameters, givenFile, inspectFile } from "@keyspaces-segmentation/invoice-files";
import { CASES, cases, testOnCases } from "../../../test/support/cases.js";

const REFERENCE = "00-reference/expected.csv";

/** `customer_id,recency_days,frequency,monetary` of each customer, in the order of their ids. */
function expectedOf(folder: string, file: string): string[] {
  const path = join(CASES, folder, file);
  const [, ...rows] = readFileSync(existsSync(path) ? path : join(CASES, REFERENCE), "utf8")
    .trim()
    .split(/\r?\n/);
  return rows.map((row) => row.replace(/[^,]*$/, (monetary) => String(Number(monetary)))).sort();
}

/** What comes of a file: its customers and all that is said, or why it was not read. */
async function inspected(
  path: string,
  param: readonly string[],
): Promise<{ customers: string[] | null; said: string }> {
  const cell = Object.fromEntries(
    param.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const { analysisDate = null, ...settled } = cell;
  const { values } = readParameters(fileParameters, {
    cell: settled,
    environment: {},
    prefix: "SEGMENTATION_",
    others: [],
  });
  try {
    const inspection = await inspectFile(path, givenFile(values), {
      preparation: "net",
      analysisDate,
      now: () => new Date("2026-01-01T00:00:00Z"),
    });
    const customers = inspection.customers.map(({ customerId, recencyDays, frequency, monetary }) =>
      [customerId, recencyDays, frequency, monetary].join(","),
    );
    return {
      customers: customers.sort(),
      said: JSON.stringify([inspection.reading, inspection.ledger, inspection.notes, inspection.warnings]),
    };
  } catch (error) {
    const { message, hint = "" } = error as Error & { hint?: string };
    return { customers: null, said: `${message} ${hint}` };
  }
}

testOnCases.each(cases.map((each) => ({ ...each, name: `${each.folder}/${each.file}`, param: each.param ?? [] })))(
  "$name $param",
  async ({ folder, file, expected, param, says = /./ }) => {
    const { customers, said } = await inspected(join(CASES, folder, file), param);
    expect({ customers, said }).toEqual({
      customers: expected === null ? null : expectedOf(folder, expected),
      said: expect.stringMatching(says),
    });
  },
);
