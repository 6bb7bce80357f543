import { describe, expect, test } from "@jest/globals";
import { ArgumentError } from "@keyspaces-segmentation/common";
import {
  type DateFormat,
  type Decision,
  dateReader,
  describeDates,
  detectDates,
  isOpen,
  looksLikeDate,
  type OpenQuestion,
} from "@keyspaces-segmentation/table-files";

type Given = Parameters<typeof detectDates>[1];

function decided(values: readonly string[], given: Given = {}): Decision<DateFormat> {
  const found = detectDates(values, given);
  if (isOpen(found)) throw new Error(`asked: ${found.got}`);
  return found;
}

function question(values: readonly string[], given: Given = {}): OpenQuestion {
  const found = detectDates(values, given);
  if (!isOpen(found)) throw new Error(`decided: ${JSON.stringify(found)}`);
  return found;
}

function read(values: readonly string[], given: Given = {}): (string | undefined)[] {
  const reader = dateReader(decided(values, given).value);
  return values.map((text) => reader(text)?.toISOString());
}

describe("the order of day and month is that of the whole column", () => {
  test.each([
    ["-", "18-01-2023 09:27", "05-02-2023 09:00"],
    ["/", "18/01/2023 09:27", "05/02/2023 09:00"],
    [".", "18.01.2023 09:27", "05.02.2023 09:00"],
    [" ", "18 01 2023 09:27", "05 02 2023 09:00"],
    ["two-digit years", "18/01/23 09:27", "05/02/23 09:00"],
    ["nothing", "18012023 0927", "05022023 0900"],
  ])("day first, %s", (_, ...values) => {
    expect(decided(values).value.order).toBe("day_first");
    expect(read(values)).toEqual(["2023-01-18T09:27:00.000Z", "2023-02-05T09:00:00.000Z"]);
  });

  test("month first", () => {
    const values = ["12/1/2010 8:26", "1/18/2023 9:27"];
    expect(read(values)).toEqual(["2010-12-01T08:26:00.000Z", "2023-01-18T09:27:00.000Z"]);
    expect(decided(values).evidence).toBe("1 of 2 values have a second number above 12");
  });

  test("a few values that do not fit are left to be rejected", () => {
    const values = [...Array<string>(150).fill("18/01/2023"), "01/18/2023"];
    const { value, confidence, evidence } = decided(values);
    expect([value.order, confidence]).toEqual(["day_first", "likely"]);
    expect(evidence).toBe("150 of 151 values have a first number above 12; 1 cannot be read so");
    expect(dateReader(value)("01/18/2023")).toBeUndefined();
  });

  test("both orders in earnest: no parameter helps", () => {
    const { parameter, got, choices } = question(["18/01/2023", "19/01/2023", "01/20/2023"]);
    expect([parameter, choices]).toEqual(["dateOrder", []]);
    expect(got).toContain("2 with a first number above 12 (18/01/2023), 1 with a second one (01/20/2023)");
  });

  test("dates that a spreadsheet has turned round beside those that it left", () => {
    expect(question(["5/1/2023", "18.01.2023"]).got).toContain("1 with slashes (5/1/2023), 1 with points (18.01.2023)");
    expect(question(["44931", "18.01.2023"]).got).toContain("plain numbers (44931) and 1 are written out (18.01.2023)");
  });

  test("nothing above 12: the first three values either way", () => {
    const values = ["01/03/2024 09:15", "01/03/2024 13:06", "02/03/2024 10:35", "03/03/2024 10:35"];
    expect(question(values)).toEqual({
      parameter: "dateOrder",
      got: "none of the 4 dates has a number above 12 that would tell day from month: 01/03/2024 09:15, 01/03/2024 13:06, 02/03/2024 10:35",
      choices: [
        { value: "day_first", reads: ["2024-03-01 09:15", "2024-03-01 13:06", "2024-03-02 10:35"] },
        { value: "month_first", reads: ["2024-01-03 09:15", "2024-01-03 13:06", "2024-02-03 10:35"] },
      ],
    });
    expect(decided(values, { dateOrder: "day_first" }).confidence).toBe("given");
    expect(read(values.slice(0, 1), { dateOrder: "day_first" })).toEqual(["2024-03-01T09:15:00.000Z"]);
    expect(read(values.slice(0, 1), { dateOrder: "month_first" })).toEqual(["2024-01-03T09:15:00.000Z"]);
  });

  test("AM and PM do not tell it", () => expect(question(["01/03/2024 9:15 AM"]).parameter).toBe("dateOrder"));

  test("points do", () => expect(read(["01.03.2024"])).toEqual(["2024-03-01T00:00:00.000Z"]));

  test("a parameter is obeyed, and what it cannot read is said", () => {
    const { value, evidence } = decided(["18/01/2023", "05/01/2023"], { dateOrder: "month_first" });
    expect(evidence).toBe("a parameter says so, though 1 values cannot be read so");
    expect(dateReader(value)("18/01/2023")).toBeUndefined();
  });
});

describe("the year in front", () => {
  test.each([
    [["2009-12-01 07:45:00"], "2009-12-01T07:45:00.000Z"],
    [["2023/1/8"], "2023-01-08T00:00:00.000Z"],
    [["20230118T0927"], "2023-01-18T09:27:00.000Z"],
    [["\u200e2023\u200e/\u200e01\u200e/\u200e18"], "2023-01-18T00:00:00.000Z"],
    [['="2023-01-18"'], "2023-01-18T00:00:00.000Z"],
    [["'2023-01-18 09:27"], "2023-01-18T09:27:00.000Z"],
    [["2023-18-01"], "2023-01-18T00:00:00.000Z"],
    [["2023-05-01", "2023-18-01"], "2023-01-05T00:00:00.000Z"],
    [["98-01-23"], "1998-01-23T00:00:00.000Z"],
    [["05", "18", "20", "21", "22", "23", "24", "25"].map((day) => `23-01-${day}`), "2023-01-05T00:00:00.000Z"],
  ])("%j", (values, first) => expect(read(values)[0]).toBe(first));

  test("day and month in both orders", () => expect(question(["2023-01-18", "2023-18-01"]).choices).toEqual([]));

  test("two-digit years of dates whose day and month are one number, but not where they are the same throughout", () => {
    const { got, choices } = question(["12/12/10", "12/12/11", "12/12/12"]);
    expect(got).toContain("no date tells whether they are first or last");
    expect(choices.map(({ value, reads }) => [value, reads[0]])).toEqual([
      ["day_first", "2010-12-12 00:00"],
      ["year_first", "2012-12-10 00:00"],
    ]);
    expect(read(["05/05/24", "06/06/24"])).toEqual(["2024-05-05T00:00:00.000Z", "2024-06-06T00:00:00.000Z"]);
    expect(read(["05/05/98", "05/05/99"])).toEqual(["1998-05-05T00:00:00.000Z", "1999-05-05T00:00:00.000Z"]);
  });

  test("two-digit years that may be first or last", () => {
    expect(question(["18-01-23"]).choices.map(({ value, reads }) => [value, ...reads])).toEqual([
      ["day_first", "2023-01-18 00:00"],
      ["year_first", "2018-01-23 00:00"],
    ]);
  });

  test("a date with slashes in a column without them is not guessed at", () => {
    expect(dateReader(decided(["2023-01-18"]).value)("18/01/2023")).toBeUndefined();
  });
});

describe("plain numbers", () => {
  test.each([
    ["44944.39375", "2023-01-18T09:27:00.000Z"],
    ["44944", "2023-01-18T00:00:00.000Z"],
    ["44944,39375", "2023-01-18T09:27:00.000Z"],
    ["44944.3937500000", "2023-01-18T09:27:00.000Z"],
    ["44945.0104166667", "2023-01-19T00:15:00.000Z"],
    ["1674034020", "2023-01-18T09:27:00.000Z"],
    ["1674034020123", "2023-01-18T09:27:00.123Z"],
    ["1674034020123000000", "2023-01-18T09:27:00.123Z"],
  ])("%s", (text, iso) => expect(read([text])).toEqual([iso]));

  test("serial numbers say that they may be counted from another day", () => {
    expect(decided(["44944"]).evidence).toContain("counts from 1904, all would be four years and a day later");
    expect(decided(["1674034020"]).evidence).not.toContain("1904");
  });

  test("out of what dates are", () => {
    expect(question(["85123"]).choices).toEqual([]);
    const serials = dateReader(decided(["44944"]).value);
    expect(["0", "60", "2958466", "18/01/2023", ""].map(serials)).toEqual(Array(5).fill(undefined));
    expect(serials("110944")?.getUTCFullYear()).toBe(2203);
  });
});

describe("time zones", () => {
  test("an offset is the instant", () => {
    expect(read(["2023-01-18T23:30:00-05:00", "2023-01-18T23:30:00 +0100"])).toEqual([
      "2023-01-19T04:30:00.000Z",
      "2023-01-18T22:30:00.000Z",
    ]);
  });

  test("a zone's clock, where clocks change: the first of two, and moved on", () => {
    const times = ["2023-01-18 09:27", "2023-07-18 09:27", "2023-03-26 02:30", "2023-10-29 02:30", "2023-10-29 03:00"];
    expect(read(times, { timeZone: "Europe/Berlin" })).toEqual([
      "2023-01-18T08:27:00.000Z",
      "2023-07-18T07:27:00.000Z",
      "2023-03-26T01:30:00.000Z",
      "2023-10-29T00:30:00.000Z",
      "2023-10-29T02:00:00.000Z",
    ]);
    expect(read(["2023-03-12 02:30", "2023-11-05 01:30"], { timeZone: "America/New_York" })).toEqual([
      "2023-03-12T07:30:00.000Z",
      "2023-11-05T05:30:00.000Z",
    ]);
    expect(read(["44944.39375"], { timeZone: "Asia/Kolkata" })).toEqual(["2023-01-18T03:57:00.000Z"]);
    expect(read(["2023-01-18T09:27Z", "1674034020"].slice(0, 1), { timeZone: "Asia/Kolkata" })).toEqual([
      "2023-01-18T09:27:00.000Z",
    ]);
  });

  test("some with an offset and some without", () => {
    const values = ["2023-01-18T09:27:00-05:00", "2023-01-18 09:27"];
    expect(question(values)).toEqual({
      parameter: "timeZone",
      got: "1 times have an offset from UTC and 1 have none (2023-01-18 09:27), so whose clock they are of is open",
      choices: [{ value: "UTC", reads: ["2023-01-18 09:27"] }],
    });
    expect(read(values, { timeZone: "UTC" })[1]).toBe("2023-01-18T09:27:00.000Z");
  });

  test("a zone's name that has several offsets needs the zone", () => {
    const values = ["2023-01-18 09:27 CET", "2023-07-18 09:27 CEST"];
    expect(question(values).parameter).toBe("timeZone");
    expect(read(values, { timeZone: "Europe/Berlin" })).toEqual([
      "2023-01-18T08:27:00.000Z",
      "2023-07-18T07:27:00.000Z",
    ]);
    expect(dateReader(decided(["2023-01-18 09:27"]).value)("2023-01-18 09:27 IST")).toBeUndefined();
  });

  test("an unknown zone", () => {
    expect(() => detectDates(["2023-01-18"], { timeZone: "Europe/Hull" })).toThrow(ArgumentError);
  });
});

test("no dates at all, and words for nothing", () => {
  expect(question(["EIRE", "France"]).got).toBe("no value of the column is a date: EIRE, France");
  expect(question(["", "NULL"]).got).toBe("no value of the column is a date: all are blank");
  expect(decided(["NULL", "2023-01-18", "soon"]).evidence).toBe("1 value has the year in front; 1 is no date (soon)");
});

test("a format in words", () => {
  const words = (text: string, given: Given = {}) => describeDates(decided([text], given).value);
  expect(words("18-01-2023 09:27")).toBe("day first, dd-mm-yyyy hh:mm");
  expect(words("1/18/23 9:27 PM")).toBe("month first, mm/dd/yy hh:mm AM/PM");
  expect(words("2023-01-18T09:27:05-05:00")).toBe("year first, yyyy-mm-dd hh:mm:ss with offset");
  expect(words("2023-18-01")).toBe("year first, then the day, yyyy-dd-mm");
  expect(words("18 Jan 2023")).toBe("months by name, dd month yyyy");
  expect(words("44944.39375", { timeZone: "Europe/Berlin" })).toBe(
    "Excel serial numbers, days since 1899-12-30, clock of Europe/Berlin",
  );
});

test("what looks like a date", () => {
  expect(["18/01/2023", "1/18/2023 9:27", "20230118", "18 Jan 2023", "23-01-18"].every(looksLikeDate)).toBe(true);
  expect(["", "InvoiceDate", "489434", "44944.39375", "99/99/2023", "12.75", "1.2.3", "Mar"].some(looksLikeDate)).toBe(
    false,
  );
});

describe("numbers that count from another year", () => {
  const read = (values: readonly string[], dateOrder: "since_1904" | "since_1960" | "since_1970") => {
    const decision = detectDates(values, { dateOrder });
    if (isOpen(decision)) return decision.got;
    return values.map((value) => dateReader(decision.value)(value)?.toISOString().slice(0, 16));
  };

  // From SAS' and Stata's documentation of dates, and Excel's of its two systems.
  test("as a parameter says", () => {
    expect(read(["23378", "23743"], "since_1960")).toEqual(["2024-01-03T00:00", "2025-01-02T00:00"]);
    expect(read(["2020004200.0"], "since_1960")).toEqual(["2024-01-04T16:16"]);
    expect(read(["2020004200000"], "since_1960")).toEqual(["2024-01-04T16:16"]);
    expect(read(["43832.5"], "since_1904")).toEqual(["2024-01-03T12:00"]);
    // as.numeric(as.Date("2023-01-01")) in R.
    expect(read(["19358", "19359.0"], "since_1970")).toEqual(["2023-01-01T00:00", "2023-01-02T00:00"]);
    expect(read(["2024-01-03"], "since_1960")).toBe(
      "the dates are no plain numbers of one kind, as since_1960 has them",
    );
  });

  test("are asked about where they make no dates of Excel", () => {
    expect(detectDates(["23378", "23743"], {})).toEqual({
      parameter: "dateOrder",
      got: "no value of the column is a date: 23378, 23743",
      choices: [
        { value: "since_1960", reads: ["2024-01-03 00:00", "2025-01-02 00:00"] },
        { value: "since_1970", reads: ["2034-01-03 00:00", "2035-01-03 00:00"] },
      ],
    });
  });

  test("small numbers are no dates of any count", () => {
    expect(detectDates(["3", "12", "4711"], {})).toMatchObject({ choices: [] });
  });
});
