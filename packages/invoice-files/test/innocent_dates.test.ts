import { describe, expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const DAYS = ["2024-01-03", "2024-01-09", "2024-02-14", "2024-02-28"];
const lines = (row: (day: string, i: number) => string): string[] => DAYS.map(row);
const CUSTOMERS = ["A 14 2 9", "B 0 2 15"];
const customerOf = (i: number): string => "AB"[i % 2]!;

describe("columns that a date does not need", () => {
  test.each([
    ["Year,Year", "2024,2023"],
    ["Month,Month #,Year", "January,1,2024"],
    ["Jahr,Jahr,Monat,Monat", "2024,2023,1,2"],
    ["Year,Ship Year,Year", "2024,2024,24"],
  ])("stand twice: %s", async (names, values) => {
    const { customers, said, evidence } = await readFile("sales.csv", [
      `Invoice,Date,${names},Customer,Qty,Price`,
      ...lines((day, i) => `${i},${day},${values},${customerOf(i)},${i + 1},${i < 2 ? "1.50" : "2.50"}`),
    ]);
    expect(customers).toEqual(["A 14 2 9", "B 0 2 13"]);
    expect(said.find((row) => row.startsWith("columns"))).not.toMatch(/year|month/);
    expect(evidence).toContain("5 names of columns");
  });

  test("are in a filter above the table", async () => {
    const { customers } = await readFile(
      "sales.csv",
      [
        ...["Year,Month,Customer,,,", "2024,1,All,,,", "Invoice,Sold When,Who,Qty,Price,x"],
        ...lines((day, i) => `${i},${day},${customerOf(i)},${i + 1},2.50,1`),
      ],
      { columns: "invoiceDate=Sold When; customerId=Who" },
    );
    expect(customers).toEqual(["A 14 2 10", "B 0 2 15"]);
  });
});

test("a count of pieces is none beside a column of quantities", async () => {
  const { customers } = await readFile("sales.csv", [
    "Beleg;Datum;Kunde;Anz;Kolli;Menge;Preis",
    ...lines((day, i) => `${i};${day};${customerOf(i)};7;5;${i + 1};2,50`),
  ]);
  expect(customers).toEqual(["A 14 2 10", "B 0 2 15"]);
});

describe("a date in three columns", () => {
  const named = (parts: (day: string) => readonly string[]): Promise<{ customers: string[] }> =>
    readFile("sales.csv", [
      "Invoice,Year,Month,Day,Customer,Amount",
      ...lines((day, i) => `${i},${parts(day).join(",")},${customerOf(i)},${["3", "5", "6", "10"][i]}`),
    ]);

  test.each<[string, (day: string) => readonly string[]]>([
    ["two digits", (day) => day.slice(2).split("-")],
    [
      "no zeros",
      (day) =>
        day
          .slice(2)
          .split("-")
          .map((part) => String(Number(part))),
    ],
    ["the month by name", (day) => [day.slice(2, 4), day.includes("-01-") ? "Jan" : "Feb", day.slice(8)]],
  ])("has years of %s", async (_what, parts) => expect((await named(parts)).customers).toEqual(CUSTOMERS));

  test("has years that could be days, and days that could be years", async () => {
    const days = ["2013-01-10", "2014-01-11", "2024-01-12"];
    const { customers } = await readFile("sales.csv", [
      "Invoice,Year,Month,Day,Customer,Amount",
      ...days.map((day, i) => `${i},${day.slice(2).split("-").join(",")},A${i},5`),
    ]);
    expect(customers).toEqual(["A0 4019 1 5", "A1 3653 1 5", "A2 0 1 5"]);
  });

  test("has years of two digits in the century that other dates have them in", async () => {
    const { customers } = await readFile("sales.csv", [
      "Invoice,Year,Month,Day,Customer,Amount",
      ...["98,12,31,A,5", "0,1,1,B,5", "99,1,13,C,5"].map((rest, i) => `${i},${rest}`),
    ]);
    expect(customers).toEqual(["A 366 1 5", "B 0 1 5", "C 353 1 5"]);
  });

  test("has one day throughout, as a list of months", async () => {
    const { customers } = await readFile("sales.csv", [
      "Invoice,Year,Month,Day,Customer,Amount",
      ...["1,A,5", "2,B,5", "3,A,5"].map((rest, i) => `${i},2024,${rest.replace(",", ",1,")}`),
    ]);
    expect(customers).toEqual(["A 0 2 10", "B 29 1 5"]);
  });

  test("is none where two pairs of year and month could be its parts", async () => {
    const file = [
      "Invoice,Year,Month,Year,Month,Day,Customer,Amount",
      ...lines((day, i) => `${i},2024,1,2023,12,${day.slice(8)},${customerOf(i)},5`),
    ];
    await expect(readFile("sales.csv", file)).rejects.toThrow(/no value of the column is a date/);
  });

  test("has no days of the week", async () => {
    await expect(named((day) => ["2024", day.slice(5, 7), String(1 + (Number(day.slice(8)) % 7))])).rejects.toThrow(
      /no value of the column is a date/,
    );
  });
});

test("a serial number and a part of the day, midnight among them", async () => {
  const times = ["0", "0.5", "6.94444444444444E-04", "0.0"];
  const { customers, rejects } = await readFile("sales.csv", [
    "Invoice,Date,Time,Customer,Qty,Price",
    ...times.map((time, i) => `${i},${45300 + 2 * i}${i % 2 ? ".0" : ""},${time},${customerOf(i)},${i + 1},2.50`),
  ]);
  expect(rejects).toEqual([]);
  expect(customers).toEqual(["A 2 2 10", "B 0 2 15"]);
});
