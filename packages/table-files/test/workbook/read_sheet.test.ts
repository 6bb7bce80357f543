import { expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { readSheet, type SheetNotes, sheetsOf, type TableRecord } from "@keyspaces-segmentation/table-files";
import { filesForTests } from "../support/folder.js";
import { type WorkbookXml, workbook } from "../support/workbook.js";

const file = filesForTests();
let made = 0;
const written = (xml: WorkbookXml): string => file(`${++made}.xlsx`, workbook(xml));

/** All rows of a sheet, and what was seen besides. */
async function read(
  path: string,
  sheet: string | number = 1,
  width?: number,
): Promise<{ records: TableRecord[]; notes: SheetNotes }> {
  const records: TableRecord[] = [];
  const batches = readSheet(path, sheet, { width });
  for (;;) {
    const next = await batches.next();
    if (next.done) return { records, notes: next.value };
    records.push(...next.value);
  }
}

const fieldsOf = async (xml: WorkbookXml) => (await read(written(xml))).records.map(({ fields }) => fields);

/** The error of reading a sheet, as its two lines. */
async function failure(path: string, sheet: string | number = 1): Promise<string> {
  const error = await read(path, sheet).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StepError);
  return `${(error as StepError).message}\n${(error as StepError).hint}`;
}

const inline = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;

test("texts kept once: runs joined, phonetic hints left out, spaces and escapes as they are meant", async () => {
  const strings =
    "<si><t>plain</t></si>" +
    '<si><r><rPr><b/></rPr><t>two </t></r><r><t xml:space="preserve"> runs</t></r></si>' +
    '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>' +
    "<si><t>a_x000D_&#10;b_x005F_x000D_ &amp; &lt;c&gt;</t></si><si><t/></si><si/>";
  const cells = [0, 1, 2, 3, 4, 5].map((i) => `<c t="s"><v>${i}</v></c>`).join("");
  expect(await fieldsOf({ strings, sheets: { A: `<row>${cells}<c><v>1</v></c></row>` } })).toEqual([
    ["plain", "two  runs", "東京", "a\r\nb_x000D_ & <c>", "", "", "1"],
  ]);
});

test("each type of cell", async () => {
  const rows =
    '<row r="1"><c r="A1" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>x</t></rPh></is></c>' +
    '<c r="B1" t="str"><f>UPPER("a")</f><v>A</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="b"><v>0</v></c>' +
    '<c r="E1" t="e"><v>#N/A</v></c><c r="F1" t="d"><v>2023-01-18T09:27:00</v></c><c r="G1" t="n"><v>2.5499999999999998</v></c>' +
    '<c r="H1"><v>4.47701E+11</v></c><c r="I1" t="inlineStr"><is><t>0012346</t></is></c></row>';
  expect(await fieldsOf({ sheets: { A: rows } })).toEqual([
    ["inline", "A", "TRUE", "FALSE", "#N/A", "2023-01-18T09:27:00", "2.55", "447701000000", "0012346"],
  ]);
});

const DATES: WorkbookXml = {
  formats:
    '<numFmt numFmtId="164" formatCode="[$-407]d&quot;. &quot;mmmm\\ yyyy;@"/><numFmt numFmtId="165" formatCode="0.00&quot; days&quot;"/>',
  styles: ["0", "14", "22", "20", "164", "165", "44"]
    .map((id) => `<xf numFmtId="${id}" applyNumberFormat="1"/>`)
    .join(""),
  sheets: {
    A: `<row>${[0, 1, 2, 3, 4, 5, 6, 99].map((s) => `<c s="${s}"><v>44944.39375</v></c>`).join("")}<c s="3"><v>0.39375</v></c></row>`,
  },
};

test("numbers that the sheet shows as dates are dates, whatever their format's language", async () => {
  const date = "2023-01-18T09:27:00";
  const number = "44944.39375";
  expect(await fieldsOf(DATES)).toEqual([[number, date, date, date, date, number, number, number, "09:27:00"]]);
});

test("one number after the other, shown as a date, as a time and as a date", async () => {
  const cells = [1, 3, 1, 0].map((s) => `<c s="${s}"><v>0.39375</v></c>`).join("");
  const date = "1900-01-00T09:27:00";
  expect(await fieldsOf({ ...DATES, sheets: { A: `<row>${cells}</row>` } })).toEqual([
    [date, "09:27:00", date, "0.39375"],
  ]);
});

test("days counted from 1904", async () => {
  const [fields] = await fieldsOf({ ...DATES, properties: '<workbookPr date1904="1"/>' });
  expect(fields?.[1]).toBe("2027-01-19T09:27:00");
});

test("cells and rows with and without their places", async () => {
  const rows =
    '<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c><c r="A2"><v>0</v></c></row><row><c><v>3</v></c></row>' +
    '<row r="9" spans="1:3"><c r="C9"><v>4</v></c></row><row r="5"><c r="AA5"><v>5</v></c></row>';
  const { records } = await read(written({ sheets: { A: rows } }));
  expect(records.map(({ lineNumber, fields }) => [lineNumber, fields.join()])).toEqual([
    [2, "0,1,2"],
    [3, "3,,"],
    [9, ",,4"],
    [5, `${",".repeat(26)}5`],
  ]);
  const widened = await read(written({ sheets: { A: rows } }), "A", 30);
  expect(widened.records.map(({ fields }) => fields.length)).toEqual([30, 30, 30, 30]);
});

test("rows and columns that have only a format are none", async () => {
  const styled = Array.from(
    { length: 20_000 },
    (_each, i) => `<row r="${i + 2}" s="1" ht="30"><c r="A${i + 2}" s="1"/><c t="s"/></row>`,
  );
  const rows = `<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>${styled.join("")}`;
  const { records } = await read(written({ sheets: { A: rows } }));
  expect(records.map(({ lineNumber, fields }) => [lineNumber, fields])).toEqual([[1, ["1"]]]);
});

test("a row's text is a line of a CSV file", async () => {
  const rows = `<row>${inline("a, &quot;b&quot;")}${inline("c\nd")}<c/>${inline("=1+1")}</row>`;
  const { records } = await read(written({ sheets: { A: rows } }));
  expect(records[0]?.text).toBe('"a, ""b""","c\nd",,=1+1');
});

test("the rows of a second sheet are counted on from those of the first", async () => {
  const path = written({ sheets: { A: `<row r="7">${inline("a")}</row>` } });
  for await (const rows of readSheet(path, "A", { rowsBefore: 525_461 })) expect(rows[0]?.lineNumber).toBe(525_468);
});

test("formulas for which the file has no value are counted; an empty text is a value", async () => {
  const rows = '<row><c><f>A2</f></c><c><f>A2</f><v/></c><c t="str"><f>""</f><v></v></c><c><f>A2</f><v>7</v></c></row>';
  const { records, notes } = await read(written({ sheets: { A: rows } }));
  expect(records[0]?.fields).toEqual(["", "", "", "7"]);
  expect(notes.formulasWithoutValue).toBe(2);
});

test("zeros in all formulas of a workbook that is to be calculated when opened are none", async () => {
  const rows = "<row><c><f>A2</f><v>0</v></c><c><f>A3</f><v>0</v></c></row>";
  const notes = async (properties: string) => (await read(written({ sheets: { A: rows }, properties }))).notes;
  expect((await notes('<calcPr fullCalcOnLoad="1"/>')).formulasWithoutValue).toBe(2);
  expect((await notes("<calcPr/>")).formulasWithoutValue).toBe(0);
});

test("the currencies in the formats of a column's numbers", async () => {
  const formats =
    '<numFmt numFmtId="164" formatCode="[$€-407]0.00"/><numFmt numFmtId="165" formatCode="&quot;$&quot;0.00"/>';
  const styles = '<xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/>';
  const rows =
    '<row><c/><c s="1"><v>1</v></c><c s="1"><v>1</v></c></row><row><c/><c s="1"><v>1</v></c><c s="2"><v>1</v></c></row>';
  const { notes } = await read(written({ formats, styles, sheets: { A: rows } }));
  expect([...notes.currencies].map(([column, of]) => [column, ...of])).toEqual([
    [1, "€"],
    [2, "€", "$"],
  ]);
});

const SHOP: WorkbookXml = {
  sheets: {
    "Year 2009-2010": `<row>${inline("a")}</row>`,
    "2010 ": `<row>${inline("b")}</row>`,
    Notes: `<row>${inline("c")}</row>`,
  },
  attributes: { Notes: 'state="veryHidden"' },
};

test("sheets are told apart by name, in any case, and by number", async () => {
  const path = written(SHOP);
  expect((await sheetsOf(path)).map(({ name, number, isHidden }) => [name, number, isHidden])).toEqual([
    ["Year 2009-2010", 1, false],
    ["2010 ", 2, false],
    ["Notes", 3, true],
  ]);
  const first = async (sheet: string | number) => (await read(path, sheet)).records[0]?.fields[0];
  expect(await first(" year 2009-2010")).toBe("a");
  expect(await first("2010")).toBe("b");
  expect(await first(3)).toBe("c");
  expect(await first("3")).toBe("c");
  const got = `Could not read sheet "Year 2011" of the workbook ${made}.xlsx: its sheets are 1 "Year 2009-2010", 2 "2010 ", 3 "Notes" (hidden).`;
  expect(await failure(path, "Year 2011")).toBe(`${got}\nSet \`sheet\` to the name or the number of one of them.`);
  expect(await failure(path, 0)).toContain("Could not read sheet 0 of");
});

test("a sheet says how many rows it has before they are read, or does not", async () => {
  const part = (dimension: string) =>
    `<?xml version="1.0"?><worksheet>${dimension}<sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`;
  const path = written({ sheets: { A: part('<dimension ref="A1:H525462"/>'), B: part("") } });
  expect((await sheetsOf(path)).map(({ rows }) => rows)).toEqual([525462, undefined]);
});

test("the strict format, prefixes, absolute targets and other names of parts", async () => {
  const relations = (type: string, ...targets: [string, string, string][]) =>
    `<Relationships>${targets.map(([id, kind, target]) => `<Relationship Id="${id}" Type="${type}/${kind}" Target="${target}"/>`).join("")}</Relationships>`;
  const strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
  const path = written({
    sheets: {},
    parts: {
      "_rels/.rels": relations(strict, ["r1", "officeDocument", "/book/main.xml"]),
      "book/main.xml":
        '<x:workbook xmlns:x="urn:x" xmlns:q="urn:q"><x:sheets><x:sheet name="Chart" q:id="c"/><x:sheet name="A &amp; B" q:id="a"/></x:sheets></x:workbook>',
      "book/_rels/main.xml.rels": relations(
        strict,
        ["c", "chartsheet", "chart.xml"],
        ["a", "worksheet", "../sheets/one.xml"],
        ["s", "sharedStrings", "/TEXTS.xml"],
      ),
      "sheets/one.xml":
        '<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>',
      "texts.xml": "<x:sst xmlns:x='urn:x'><x:si><x:t>read</x:t></x:si></x:sst>",
    },
  });
  expect((await sheetsOf(path)).map(({ name, number }) => [name, number])).toEqual([["A & B", 1]]);
  expect((await read(path, "a & b")).records[0]?.fields).toEqual(["read"]);
});

test("names of JavaScript's own are names like others", async () => {
  const strings = "<si><t>__proto__</t></si><si><t>constructor</t></si>";
  const sheets = { __proto__1: '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>' };
  const path = written({ strings, sheets, parts: { constructor: "", "xl/__proto__": "" } });
  expect((await read(path, "__proto__1")).records[0]?.fields).toEqual(["__proto__", "constructor"]);
  expect(await failure(path, "__proto__")).toContain('its sheets are 1 "__proto__1"');
});

test.each<[string, WorkbookXml, string]>([
  [
    "XML that ends early",
    { sheets: { A: "<?xml version='1.0'?><worksheet><sheetData><row><c>" } },
    "it ends within <c>",
  ],
  ["an entity", { sheets: { A: "<row><c><v>&lol;</v></c></row>" } }, "it has the reference &lol;"],
  [
    "a document type",
    { sheets: { A: "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>" } },
    "it has a document type",
  ],
  [
    "a text that is not there",
    { sheets: { A: '<row><c t="s"><v>3</v></c></row>' } },
    "its row 1 has a text that the workbook does not have",
  ],
  [
    "a column that cannot be",
    { sheets: { A: '<row r="2"><c r="XFD2"><v>3</v></c></row>' } },
    "it has a value in column 16,384 of row 2, and a table may have 2,048 columns",
  ],
  ["a place that is none", { sheets: { A: '<row><c r="1"><v>3</v></c></row>' } }, "it has a cell with the place 1"],
  [
    "a cell without an end",
    { sheets: { A: `<row><c t="inlineStr"><is>${`<r><t>${"x".repeat(100_000)}</t></r>`.repeat(50)}</is></c></row>` } },
    "a cell of its row 1 is longer than any program writes it",
  ],
  ["a row that cannot be", { sheets: { A: '<row r="x"/>' } }, "it has a row with the number x"],
  [
    "a part that is not there",
    {
      sheets: { A: "" },
      parts: {
        "xl/_rels/workbook.xml.rels":
          "<Relationships><Relationship Id='rId1' Type='/worksheet' Target='no.xml'/></Relationships>",
      },
    },
    "the workbook's part xl/no.xml is missing",
  ],
  [
    "a part larger than it says",
    {
      sheets: { A: "" },
      parts: { "xl/worksheets/sheet1.xml": { content: Buffer.from(`<a>${" ".repeat(1000)}</a>`), size: 100 } },
    },
    "it is larger than the file says",
  ],
  [
    "a part out of proportion",
    {
      sheets: { A: "" },
      parts: { "xl/worksheets/sheet1.xml": { content: Buffer.alloc(10_000, "<a>"), size: 2 ** 30 } },
    },
    "times its size when unpacked, as no table does",
  ],
])("%s stops with what is wrong and a way on", async (_what, xml, message) => {
  const lines = await failure(written(xml));
  expect(lines).toContain(message);
  expect(lines).toContain("save it again as .xlsx or the sheet as CSV (UTF-8), and give that file.");
});

test("a workbook that is cut off, or full of noise, stops likewise", async () => {
  const bytes = workbook(SHOP);
  expect(await failure(file("short.xlsx", bytes.subarray(0, bytes.length - 100)))).toContain(
    "Could not read the workbook short.xlsx: it is a zip file whose table of contents cannot be read",
  );
  const noise = Uint8Array.from(bytes, (byte, i) => (i > 600 && i < 2400 ? byte ^ 0x55 : byte));
  expect(await failure(file("noise.xlsx", noise))).toContain("Could not read the workbook noise.xlsx: ");
});

test("a workbook that the system does not let one read is not called damaged", async () => {
  expect(await failure(`${file("here.xlsx", workbook(SHOP))}-no`)).toMatch(/^Could not read here\.xlsx-no: ENOENT/);
});

test("progress adds up to what the sheet takes in the file, and the reading can be stopped", async () => {
  const row = (i: number) => `<row r="${i + 1}"><c><v>${i * 7919}</v></c><c><v>${i}</v></c></row>`;
  const path = written({ sheets: { A: Array.from({ length: 50_000 }, (_each, i) => row(i)).join("") } });
  const [sheet] = await sheetsOf(path);
  let bytes = 0;
  let rows = 0;
  const count = (read: number) => {
    bytes += read;
  };
  for await (const batch of readSheet(path, "A", { onBytes: count })) rows += batch.length;
  expect(rows).toBe(50_000);
  expect(bytes).toBe(sheet?.bytes);
  const stop = new AbortController();
  const stopped = (async () => {
    for await (const _batch of readSheet(path, "A", { signal: stop.signal })) stop.abort(new Error("enough"));
  })();
  await expect(stopped).rejects.toThrow("enough");
});
