import { describe, expect, test } from "@jest/globals";
import {
  noCounts,
  RFC_4180,
  readTextRecords,
  recordSplitter,
  type TableRecord,
  type TextFormat,
} from "@keyspaces-segmentation/table-files";

const split = (...pieces: string[]): TableRecord[] => {
  const splitter = recordSplitter(RFC_4180);
  return [...pieces.flatMap((piece) => splitter(piece, false)), ...splitter("", true)];
};
const fieldsOf = (text: string) => split(text).map(({ fields }) => fields);

test("plain, quoted and empty fields, LF and CRLF, with and without a last line end", () => {
  expect(fieldsOf('a,b,c\n1,,"x, y"\r\n"""q""",2,\r\n,"",3')).toEqual([
    ["a", "b", "c"],
    ["1", "", "x, y"],
    ['"q"', "2", ""],
    ["", "", "3"],
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

describe("a record over many lines", () => {
  const formatOfTwo = { ...RFC_4180, widths: [2] };
  const records = (text: string): TableRecord[] => recordSplitter(formatOfTwo)(text, true);
  const lines = (count: number): string => "<p>no fields here</p>\n".repeat(count);

  test("is one as long as a row of Amazon Keyspaces may be", () => {
    const description = lines(45_000);
    const [, long, next] = records(`a,b\n1,"${description}"\n2,z\n`);
    expect(long!.problem).toBeUndefined();
    expect(long!.fields[1]!.length).toBe(description.length);
    expect(next).toEqual({ lineNumber: 45_003, text: "2,z", fields: ["2", "z"] });
  });

  test.each([
    ["closed", `${lines(60_000)}"\n`],
    ["closed, in a single line", `${"x".repeat(1_100_000)}"\n`],
    ["never closed", `${lines(60_000)}\n`],
  ])("longer than that is one problem, and only its beginning is kept: %s", (_, description) => {
    const [header, long, ...others] = records(`a,b\n1,"${description}2,z\n3,y\n`);
    expect(header!.fields).toEqual(["a", "b"]);
    expect(long).toMatchObject({ lineNumber: 2, fields: [], problem: "longer than 1 MiB" });
    expect(long!.text.length).toBe(1000);
    expect(others.map(({ text }) => text)).toEqual(["2,z", "3,y"]);
  });

  test("that is never closed is one problem at the end of the file as well", () => {
    const [, open, ...others] = records(`a,b\n1,"${lines(3000)}`);
    expect(open).toMatchObject({ lineNumber: 2, problem: "a quote is never closed" });
    expect(others).toEqual([]);
  });

  test("with quotes that are not doubled is one problem", () => {
    const html = `<p class="x">\n${lines(3000)}</p>"`;
    const [, open, ...others] = records(`a,b\n1,"${html}\n2,z\n`);
    expect(open).toMatchObject({ lineNumber: 2, problem: "text follows a closing quote" });
    expect(others.map(({ text }) => text)).toEqual(["2,z"]);
  });

  test("that has too few fields comes as it is, unless one of its lines is a record", () => {
    const [, ragged, next] = records(`a,b\n"1\n${lines(2)}"\n2,z\n`);
    expect(ragged).toMatchObject({ lineNumber: 2, fields: [`1\n${lines(2)}`] });
    expect(next!.lineNumber).toBe(6);
  });
});

test("a record over several lines behind a line that cannot be split is not lost with it", () => {
  const records = recordSplitter({ ...RFC_4180, widths: [2] })(
    'a,b\n1,"x"y\n2,"z\nz"\n3,"forgotten\n4,"forgotten\n5,w\n',
    true,
  );
  expect(records.map(({ lineNumber, problem }) => [lineNumber, problem])).toEqual([
    [1, undefined],
    [2, "text follows a closing quote"],
    [3, undefined],
    [5, "text follows a closing quote"],
    [6, "a quote is never closed"],
    [7, undefined],
  ]);
});

test("rows of nothing but separators, blanks and empty quotes are skipped and counted", () => {
  const counts = noCounts();
  const text = 'a,b\n,\n  ,\t\n"",""\n\u00a0\n\n1,\n,2\n\u001a';
  const records = recordSplitter(RFC_4180, counts)(text, true);
  expect(records.map(({ lineNumber }) => lineNumber)).toEqual([1, 7, 8]);
  expect(counts.blankRows).toBe(5);
});

test("blanks around a quoted field are none of it; a quote behind a blank that closes nothing is text", () => {
  expect(fieldsOf('a, "b, c" ,d\n1, "x" y,2\n')).toEqual([
    ["a", "b, c", "d"],
    ["1", ' "x" y', "2"],
  ]);
});

test("a mark in front of a line, a line separator and two carriage returns are no part of fields", () => {
  expect(fieldsOf('a,b\n\uFEFF"1","x"\n2,y\u2028z\r\r\n')).toEqual([
    ["a", "b"],
    ["1", "x"],
    ["2", "y\u2028z"],
  ]);
});

test("what comes in spite of a first line that names the separator", () => {
  const format = { ...RFC_4180, separator: ";", separatorLine: true };
  for (const first of ["sep=;", '"sep=;"', "\uFEFFSEP=;", "sep=;;;;"]) {
    expect(recordSplitter(format)(`${first}\r\na;b\r\n`, true)).toEqual([
      { lineNumber: 2, text: "a;b", fields: ["a", "b"] },
    ]);
  }
});

describe("other ways of quoting", () => {
  const inFormat = (format: Partial<TextFormat>, text: string): (readonly string[])[] =>
    recordSplitter({ ...RFC_4180, ...format })(text, true).map(({ fields }) => fields);

  test("a backslash before quotes, backslashes and separators", () => {
    const lines = [String.raw`1,"5\" TIN, \"BIG\"",C:\dir`, String.raw`2,"a\\",x\,y`, '3,"b""c",""'];
    expect(inFormat({ quoting: "backslash" }, lines.join("\n"))).toEqual([
      ["1", '5" TIN, "BIG"', "C:\\dir"],
      ["2", "a\\", "x,y"],
      ["3", 'b"c', ""],
    ]);
  });

  test("whole lines in quotes, and those that were not put into them", () => {
    const text = '"1,""a, """"b"""""",2"\r\n3,c,4\r\n"5,""d\r\ne"",6"\r\n';
    expect(inFormat({ quoting: "whole_lines" }, text)).toEqual([
      ["1", 'a, "b"', "2"],
      ["3", "c", "4"],
      ["5", "d\r\ne", "6"],
    ]);
  });

  test("none at all", () => {
    expect(inFormat({ quoting: "none", separator: "\t" }, '1\t"RED" MUG\t"x\n2\ty\tz\n')).toEqual([
      ["1", '"RED" MUG', '"x'],
      ["2", "y", "z"],
    ]);
  });
});

test.each(['"', ",", "\r", '""', '"\n', ',"\n', '"x', "\n", '"",\n"'])(
  "much of nothing but %j takes no longer than its length",
  async (part) => {
    const bytes = Buffer.from(part.repeat(250_000 / part.length));
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    }
    for (const quoting of ["doubled", "backslash"] as const) {
      let records = 0;
      for await (const batch of readTextRecords(chunks(), { ...RFC_4180, quoting, widths: [8] }))
        records += batch.length;
      expect(records).toBeLessThanOrEqual(bytes.length / 2);
    }
  },
  30_000,
);

/** The characters that searches have passed. */
function charactersSearched(work: () => void): number {
  const own = String.prototype.indexOf;
  let characters = 0;
  String.prototype.indexOf = function (text, from = 0) {
    const at = own.call(this, text, from);
    characters += (at < 0 ? this.length : at) - from;
    return at;
  };
  try {
    work();
  } finally {
    String.prototype.indexOf = own;
  }
  return characters;
}

test.each([
  ["doubled", '  {""a"": ""b""},\n'],
  ["backslash", '  {\\"a\\": \\"b\\"},\n'],
  ["single", "it''s, it''s\n"],
  ["whole_lines", '  {""""a"""": 1},\n'],
] as const)(
  "a long field of many lines with quotes, %s, is looked through a few times, not at each piece",
  (quoting, line) => {
    const quote = quoting === "single" ? "'" : '"';
    const field = line.repeat(900_000 / line.length);
    const opened = quoting === "whole_lines" ? `"1,""${field}"",x"\n` : `1,${quote}${field}${quote},x\n`;
    const text = `a,b,c\n${opened}2,y,z\n`;
    const splitter = recordSplitter({ ...RFC_4180, quoting, widths: [3] });
    const records: TableRecord[] = [];
    const pieces = text.match(/.{4000}[^\n]*\n|.+/gs)!;
    expect(pieces.length).toBeGreaterThan(200);
    const searched = charactersSearched(() => {
      for (const piece of pieces) records.push(...splitter(piece, false));
      records.push(...splitter("", true));
    });
    expect(records.map(({ fields }) => fields.length)).toEqual([3, 3, 3]);
    expect(records[1]!.fields[1]!.length).toBeGreaterThan(300_000);
    expect(searched).toBeLessThan(15 * text.length);
  },
);
