import { expect, test } from "@jest/globals";
import { type CsvRecord, csvSplitter } from "@keyspaces-segmentation/invoices/dist/csv.js";

const split = (...pieces: string[]): CsvRecord[] => {
  const splitter = csvSplitter();
  return [...pieces.flatMap((piece) => splitter(piece, false)), ...splitter("", true)];
};
const fieldsOf = (text: string) => split(text).map(({ fields }) => fields);

test("plain, quoted and empty fields, LF and CRLF, with and without a last line end", () => {
  expect(fieldsOf('a,b,c\n1,,"x, y"\r\n"""q""",2,\r\n,"",')).toEqual([
    ["a", "b", "c"],
    ["1", "", "x, y"],
    ['"q"', "2", ""],
    ["", "", ""],
  ]);
});

test("a quoted field may hold line ends; the record says where it starts", () => {
  expect(split('a,b\n1,"x\r\ny\n"\n2,z\n')).toEqual([
    { lineNumber: 1, text: "a,b", fields: ["a", "b"] },
    { lineNumber: 2, text: '1,"x\r\ny\n"', fields: ["1", "x\r\ny\n"] },
    { lineNumber: 5, text: "2,z", fields: ["2", "z"] },
  ]);
});

test("blank lines are skipped but counted", () => {
  expect(split("a\n\n\r\nb\n").map(({ lineNumber }) => lineNumber)).toEqual([1, 4]);
});

test("a quote inside an unquoted field is text", () => {
  expect(fieldsOf('a,b\nFRAME 6" X 8",2\n')).toEqual([
    ["a", "b"],
    ['FRAME 6" X 8"', "2"],
  ]);
});

test.each([
  ["at the end of the file", 'a,b\n1,"x\n2,y\n3,z', [3, 4]],
  ["before a quoted field further down", 'a,b\n1,"x\n2,"y"\n3,"z, z"\n', [3, 4]],
  ["closed by chance on a later line, with fields too many", 'a,b\n1,"x\n2,y\n3",z,z\n4,w\n', [3, 5]],
  ["longer than any record", `a,b\n1,"x\n2,${"y".repeat(70_000)}\n3,"z"\n`, [3, 4]],
])("a forgotten quote costs its own line only: %s", (_, text, good) => {
  const records = split(text);
  expect(records.find(({ lineNumber }) => lineNumber === 2)).toEqual({
    lineNumber: 2,
    text: '1,"x',
    fields: [],
    problem: expect.any(String),
  });
  const whole = records.filter(({ problem, fields }) => problem === undefined && fields.length === 2);
  expect(whole.map(({ lineNumber }) => lineNumber)).toEqual([1, ...good]);
});

test("text after a closing quote is a problem of that line", () => {
  expect(split('a,b\n"x"y,1\n2,z\n').map(({ problem }) => problem)).toEqual([
    undefined,
    "text follows a closing quote",
    undefined,
  ]);
});

test("pieces that end at line ends give the same records wherever they are cut", () => {
  const lines = ["a,b\n", '1,"x\n', 'y"\n', "2,z\n", '3,"w\n', "4,v\n"];
  const whole = split(lines.join(""));
  for (let cut = 0; cut <= lines.length; cut++) {
    expect(split(lines.slice(0, cut).join(""), lines.slice(cut).join(""))).toEqual(whole);
  }
  expect(split(...lines)).toEqual(whole);
});
