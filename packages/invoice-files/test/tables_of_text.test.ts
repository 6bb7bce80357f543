import { describe, expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = ["invoice_no", "stock_code", "description", "quantity", "invoice_date", "unit_price", "customer_id"];
const ROWS = [
  ["489434", "85048", "RED TIN, LARGE", "12", "2023-01-18 09:27:00", "6.95", "13085"],
  ["489434", "22087", "LAMP", "1", "2023-01-18 09:27:00", "12.50", "13085"],
  ["489435", "22087", "PARTY BUNTING", "2", "2023-01-24 11:31:00", "12.50", "13086"],
  ["489436", "85048", "BOX OF 12", "30", "2023-02-02 12:35:00", "1006.95", "13085"],
];
const MEANT = ["13085 0 2 30304.4", "13086 9 1 25"];

const WIDTHS = HEADER.map((name, at) => Math.max(name.length, ...ROWS.map((row) => row[at]!.length)));
const left = (row: readonly string[]): string[] => row.map((field, at) => field.padEnd(WIDTHS[at]!));
const right = (row: readonly string[]): string[] => row.map((field, at) => field.padStart(WIDTHS[at]!));
const dashes = (sign = "-"): string[] => WIDTHS.map((width) => sign.repeat(width));

test.each<[kind: string, lines: string[]]>([
  ["sqlite3 -column", [left(HEADER), dashes(), ...ROWS.map(left)].map((row) => row.join("  "))],
  [
    "SQL Server to a file",
    [...[left(HEADER), dashes(), ...ROWS.map(left)].map((row) => row.join(" ")), "", "(4 rows affected)"],
  ],
  ["SAS and others with a line of =", [left(HEADER), dashes("="), ...ROWS.map(left)].map((row) => row.join("  "))],
  [
    "pandas to_string",
    [["", HEADER], ...ROWS.map((row, i) => [String(i), row] as const)].map(
      ([index, row]) => `${String(index).padEnd(2)} ${right(row as string[]).join("  ")}`,
    ),
  ],
  [
    "R write.table",
    [
      HEADER.map((name) => `"${name}"`).join(" "),
      ...ROWS.map((row, i) =>
        [`"${i + 1}"`, ...row.map((field, at) => ([3, 5].includes(at) ? field : `"${field}"`))].join(" "),
      ),
    ],
  ],
  [
    "sqlite3 -box",
    [
      `┌${dashes("─").join("┬")}┐`,
      ...[HEADER, ...ROWS].map((row) => `│${left(row).join("│")}│`),
      `└${dashes("─").join("┴")}┘`,
    ],
  ],
  ["Hive", [HEADER, ...ROWS].map((row) => row.join("\u0001"))],
])("a table as %s writes it", async (_, lines) => {
  const { customers } = await readFile("table.txt", lines);
  expect(customers).toEqual(MEANT);
});

describe("columns of a fixed width", () => {
  const cdnow = [
    " 00001 19970101  1   11.77",
    " 00002 19970112  1   12.00",
    " 00002 19970112  5   77.00",
    " 00004 19970118  2   29.33",
  ];
  test("without a header have their columns named in order", async () => {
    await expect(readFile("cdnow.txt", cdnow)).rejects.toThrow(/the first line looks like data \(4 fields/);
    const { customers } = await readFile("cdnow.txt", cdnow, { columns: "customerId, invoiceDate, quantity, amount" });
    expect(customers).toEqual(["00001 17 1 11.77", "00002 6 1 89", "00004 0 1 29.33"]);
  });
  test("have a line that does not stand in them rejected, and no other", async () => {
    const lines = [left(HEADER), dashes(), ...Array.from({ length: 10 }, () => ROWS.map(left)).flat()].map((row) =>
      row.join(" "),
    );
    lines.splice(5, 0, `${"x".repeat(WIDTHS[0]! + 4)} ${lines[4]!}`);
    const { rejects } = await readFile("table.txt", lines);
    expect(rejects).toEqual(["1 it does not stand in the columns of the others"]);
  });
  test("are none of prose, nor of columns that stand elsewhere from line to line", async () => {
    const prose = ROWS.map(([number, , , , date]) => `Dear customer thank you for your order ${number} of ${date}`);
    await expect(readFile("letter.txt", prose)).rejects.toThrow();
    const ragged = [HEADER, ...ROWS].map((row, i) => row.join(" ".repeat(2 + i)));
    await expect(readFile("ragged.txt", ragged)).rejects.toThrow(/stand at other places from line to line/);
  });
});

test("a file with commas below dashes that are no columns stays one with commas", async () => {
  const { customers } = await readFile("report.csv", [
    "--- Sales --- by day ---",
    "---- ---- ----",
    HEADER.join(),
    ...ROWS.map((row) => row.map((field) => `"${field}"`).join()),
  ]);
  expect(customers).toEqual(MEANT);
});

/** Lines of 5 columns, the last of which is right-aligned. */
const aligned = (row: readonly string[]): string =>
  row.map((field, at) => (at < 4 ? field.padEnd([9, 9, 11, 20][at]!) : field.padStart(14))).join(" ");
const NAMES = ["Invoice", "Customer", "Date", "Description", "Amount"];
const plain = (i: number): string[] => [
  `${1000 + i}`,
  `${100 + (i % 3)}`,
  "2024-03-07",
  i % 2 ? "Mug blue" : "Box of 12",
  "10.00",
];
/** Of so many lines one is another. */
const withOne = (count: number, at: number, line: string): string[] => [
  aligned(NAMES),
  ...Array.from({ length: count }, (_, i) => (i === at ? line : aligned(plain(i)))),
];
const withAmount = (amount: string, description = "Wool throw"): string =>
  aligned(["9000", "109", "2024-03-07", description, amount]);

describe("a text between columns of a fixed width", () => {
  test.each<[kind: string, lines: string[], amount: string]>([
    ["thousands", withOne(90, 50, withAmount("1 234.50")), "1234.5"],
    ["thousands below the lines that are looked at", withOne(2400, 2300, withAmount("1 234.50")), "1234.5"],
    ["a number longer than the others", withOne(90, 50, withAmount("1234567.50")), "1234567.5"],
    ["thousands of thousands", withOne(90, 50, withAmount("12 001 234.50")), "12001234.5"],
    ["the end of a long text", withOne(90, 50, withAmount("30.00", "Wool throw from Wale")), "30"],
    ["the end of a long text, a number", withOne(90, 50, withAmount("30.00", "Wool throw size 1200")), "30"],
    ["the end of a text with wide gaps", withOne(90, 50, withAmount("30.00", "Wool  throw   large")), "30"],
    [
      "thousands, below a line of dashes as wide as the names",
      withOne(90, 50, withAmount("1 234.50")).toSpliced(1, 0, aligned(NAMES.map((name) => "-".repeat(name.length)))),
      "1234.5",
    ],
  ])("is not lost: %s", async (_, lines, amount) => {
    const { customers, rejects } = await readFile("table.txt", lines);
    expect(customers).toContain(`109 0 1 ${amount}`);
    expect(rejects).toEqual([]);
  });
  test("may be the sign of a number", async () => {
    const sign = withAmount("-     30.00").replace("109 ", "102 ");
    const { customers, rejects } = await readFile("table.txt", withOne(90, 50, sign));
    expect(customers).toContain("102 0 29 260");
    expect(rejects).toEqual([]);
  });
  test.each([
    ["a sign", `${aligned(["9000", "109", "2024-03-07", "Wool throw", ""]).slice(0, 42)} -${"30.00".padStart(23)}`],
    ["thousands", `${withAmount("").slice(0, 32)}Wool throw in the sizes 12 1 234.50`],
  ])("has the line rejected where it may be of either: %s", async (_, line) => {
    const { customers, rejects } = await readFile("table.txt", withOne(90, 50, line));
    expect(customers.join()).not.toContain("109 ");
    expect(rejects).toEqual(["1 it does not stand in the columns of the others"]);
  });
});

test("signs and thousands that stand at one place in many lines are of the number behind them", async () => {
  const lines = Array.from({ length: 30 }, (_, i) => {
    const amount = i % 3 === 0 ? "1 234.50" : i % 3 === 1 ? "-    30.00" : "99.00";
    return aligned([`${1000 + i}`, `${100 + (i % 3)}`, "2024-03-07", "Wool throw from Wale", amount]);
  });
  const { customers } = await readFile("table.txt", [aligned(NAMES), ...lines]);
  expect(customers).toEqual(["100 0 10 12345", "102 0 10 990"]);
});

test("a name of two words over values that stand below the first or the second is one name", async () => {
  const names = ["Order ID", "Customer ID", "Order Date", "Item Qty", "Total Amount"];
  const rows = Array.from({ length: 20 }, (_, i) => [
    `${100 + i}`,
    `C${i % 2}`,
    "2024-03-07",
    `${1 + (i % 4)}`,
    "9.50",
  ]);
  for (const pad of ["padEnd", "padStart"] as const) {
    const lines = [names, ...rows].map((row) => row.map((field, at) => field[pad](names[at]!.length + 2)).join(" "));
    const { customers } = await readFile("table.txt", lines);
    expect(customers).toEqual(["C0 0 10 95", "C1 0 10 95"]);
  }
});

test("a CSV file that is padded for the eye, with a line of dashes, stays one", async () => {
  const padded = (row: readonly string[]): string =>
    row.map((field, at) => `${field},`.padEnd(WIDTHS[at]! + 2)).join("");
  const rows = ROWS.map((row) => row.map((field) => field.replace(",", "")));
  const lines = [padded(HEADER), WIDTHS.map((width) => "-".repeat(width)).join("  "), ...rows.map(padded)];
  expect((await readFile("padded.csv", lines)).customers).toEqual(MEANT);
});

test.each<[kind: string, lines: string[]]>([
  ["prose", Array.from({ length: 30 }, (_, i) => `This is line ${i} of a letter to the shop with 12 words in it.`)],
  [
    "single blanks, also within dates",
    [
      "Invoice Date Customer Qty Price",
      ...Array.from(
        { length: 30 },
        (_, i) => `${1000 + (i >> 1)} 2024-03-07 10:${10 + (i >> 1)} ${100 + (i % 9)} ${1 + (i % 3)} 9.50`,
      ),
    ],
  ],
])("of %s it is said that nothing separates fields", async (_, lines) => {
  await expect(readFile("text.txt", lines)).rejects.toThrow(/no comma, semicolon, tab or pipe splits its lines/);
});

test("lines of more columns than a table has are given up at once", async () => {
  const wide = Array.from({ length: 40 }, () => "w   ".repeat(900));
  await expect(readFile("wide.txt", wide)).rejects.toThrow(/stand at other places|no comma/);
});
