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
