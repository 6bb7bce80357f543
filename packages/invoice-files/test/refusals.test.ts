import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { NOTHING_GIVEN } from "@keyspaces-segmentation/invoice-files";
import { readLines } from "@keyspaces-segmentation/invoice-files/dist/lines/read_lines.js";
import { decideReading } from "@keyspaces-segmentation/invoice-files/dist/reading/decide_reading.js";
import { createFileLedger, warningsOf } from "@keyspaces-segmentation/invoices";
import { RFC_4180, recordSplitter, type TableRecord } from "@keyspaces-segmentation/table-files";

const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Currency";
const line = (date: string, price = "2.50", rest = "") => `489434,85048,LIGHTS,12,${date},${price},13085,${rest}`;
const lines = (count: number, of: string) => Array.from({ length: count }, () => of);

/** What comes of a file whose sample is only a part of it. */
async function readBy(sample: readonly string[], rest: readonly string[], given = NOTHING_GIVEN) {
  const split = recordSplitter(RFC_4180);
  const first = split(`${[HEADER, ...sample].join("\n")}\n`, false);
  const reading = decideReading({ pieces: [first], whole: false }, given);
  async function* records(): AsyncGenerator<readonly TableRecord[]> {
    yield first;
    yield split(rest.join("\n"), true);
  }
  const ledger = createFileLedger();
  const reasons: string[] = [];
  for await (const chunk of readLines(records(), reading)) {
    ledger.add(chunk);
    reasons.push(...chunk.rejects.map(({ reason }) => reason));
  }
  const warnings = warningsOf(ledger.report(), { now: new Date("2026-01-01"), money: moneyOf(null) });
  return { stored: ledger.report().lines - reasons.length, reasons: [...new Set(reasons)], warnings };
}

const AMERICAN = lines(3000, line("1/25/2024 10:00"));

test("a few dates that only the other order reads are rejected, and said to let others be doubted", async () => {
  const { stored, reasons, warnings } = await readBy(AMERICAN, [
    ...lines(12, line("25/1/2024 10:00")),
    line("2/1/2024"),
  ]);
  expect({ stored, reasons }).toEqual({
    stored: 3001,
    reasons: ['"25/1/2024 10:00" is a date only in the other order of day and month'],
  });
  expect(warnings).toEqual([
    "12 lines have a date that only the other order of day and month reads (line 3002 is the first) and are rejected; dates around it whose day is no more than 12 may be misread. Have two exports been joined?",
  ]);
});

test.each<[string, string[], string, RegExp]>([
  [
    "dates",
    AMERICAN,
    line("25/1/2024 10:00"),
    /400 lines of the first 3,400 can be read only in the other order of day/,
  ],
  ["days behind the year", lines(3000, line("2024-01-25")), line("2024-25-01"), /the other order of day and month/],
  [
    "decimal signs",
    AMERICAN,
    line("1/25/2024", '"1.234,50"'),
    /only with the other decimal sign \(line 3,002: 1\.234,50\)/,
  ],
])(
  "a file whose %s change behind its sample is stopped, unless a parameter says how they are",
  async (what, sample, other, says) => {
    await expect(readBy(sample, lines(400, other))).rejects.toThrow(says);
    const settled = what === "decimal signs" ? { decimal: "point" as const } : { dateOrder: "month_first" as const };
    if (what === "days behind the year") return;
    expect((await readBy(sample, lines(400, other), { ...NOTHING_GIVEN, ...settled })).stored).toBe(3000);
  },
);

test.each<[string, string, string, string]>([
  [
    "times of another clock",
    line("2024-01-25 10:00"),
    line("2024-01-25T10:00:00-05:00"),
    'the date "2024-01-25T10:00:00-05:00" has an offset from UTC, as no other has',
  ],
  [
    "times of no clock",
    line("2024-01-25T10:00:00Z"),
    line("2024-01-25 10:00"),
    'the date "2024-01-25 10:00" has no offset from UTC, as all others have',
  ],
  [
    "signs of another currency",
    line("2024-01-25", "$2.50"),
    line("2024-01-25", "€2.50"),
    "amount in EUR, and others are in USD",
  ],
  [
    "codes of another currency",
    line("2024-01-25", "2.50", "USD"),
    line("2024-01-25", "2.50", "EUR"),
    "amount in EUR, and others are in USD",
  ],
  [
    "lines with another separator",
    line("2024-01-25"),
    line("2024-01-25").replaceAll(",", ";"),
    "its fields are separated by semicolon, unlike those of other lines",
  ],
  [
    "lines that end otherwise",
    line("2024-01-25"),
    lines(9, line("2024-01-25")).join("\r"),
    "8 lines in one: they end with a carriage return alone",
  ],
])("%s are rejected, with the reason", async (_what, usual, other, reason) => {
  const { stored, reasons } = await readBy(lines(30, usual), [other, usual]);
  expect({ stored, reasons }).toEqual({ stored: 31, reasons: [reason] });
});

test("the header of a joined export is no line, as the first is none", async () => {
  const { stored, reasons } = await readBy(lines(30, line("2024-01-25")), [HEADER, line("2024-01-25")]);
  expect({ stored, reasons }).toEqual({ stored: 31, reasons: [] });
});

test("two currencies are told apart where the sample has none", async () => {
  const [plain, euro, pound] = ["2.50", "€2.50", "£2.50"].map((price) => line("2024-01-25", price)) as [
    string,
    string,
    string,
  ];
  const { stored, reasons } = await readBy(lines(30, plain), [euro, pound, plain]);
  expect({ stored, reasons }).toEqual({ stored: 32, reasons: ["amount in GBP, and others are in EUR"] });
});

test("a joined export with other columns stops the file", async () => {
  const other = "Invoice,StockCode,Description,Price,InvoiceDate,Quantity,Customer ID,Currency";
  await expect(readBy(lines(30, line("2024-01-25")), [other, line("2024-01-25")])).rejects.toThrow(
    "line 32 is a header with other columns than the first",
  );
});
