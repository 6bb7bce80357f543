import { expect, test } from "@jest/globals";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { refuseNonTable } from "@keyspaces-segmentation/table-files";
import { wholeSample } from "./samples.js";

function refusalOf(file: Uint8Array | string): StepError | undefined {
  try {
    refuseNonTable(wholeSample(file), "my file.csv");
    return undefined;
  } catch (error) {
    if (error instanceof StepError) return error;
    throw error;
  }
}

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const NOISE = "\x03\xff\x9d\0\x1b[31m\x07".repeat(100);

test.each<[kind: string, file: Uint8Array | string, says: RegExp]>([
  ["nothing", "", /the file is empty/],
  ["NULs", Buffer.alloc(8192), /nothing in the file but NUL bytes/],
  ["blank lines", "\n \r\n\t\n", /nothing in the file but blanks/],
  ["rows of separators", ",,,\n,,,\n", /nothing in the file but blanks and separators/],
  ["a header only", "Invoice,StockCode\n,\n\n", /one line in the file/],
  ["a header below sep=", "\uFEFFsep=;\r\nInvoice;StockCode\r\n", /one line in the file/],
  ["a header of UTF-16", Buffer.from("\uFEFFInvoice\tPrice\r\n", "utf16le"), /one line in the file/],
  [
    "Git LFS",
    "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 94904522\n",
    /Git LFS pointer of 71 bytes/,
  ],
  [
    "Weka",
    "% shop\n@relation retail\n@attribute price numeric\n@data\n1\n",
    /ARFF file, as Weka has them[\s\S]*what follows @data/,
  ],
  ["Stata 13", latin1(`<stata_dta><header>${NOISE}`), /a data set of Stata/],
  ["Stata 10", latin1(`\x72\x01\x01\0${NOISE}`), /a data set of Stata/],
  ["SAS", latin1(`${"\0".repeat(12)}\xc2\xea\x81\x60\xb3\x14\x11\xcf${NOISE}`), /a data set of SAS/],
  ["NumPy", latin1(`\x93NUMPY\x01\0v\0{'descr': '<f8'}`), /an array of NumPy/],
  ["R", latin1(`X\n\0\0\0\x03${NOISE}`), /a file of R/],
  ["DVC", "outs:\n- md5: a304afb96060aad90176268345e10355\n  path: data.csv\n", /pointer of git-annex or DVC/],
  ["a page", "\n<!DOCTYPE html>\n<html><head><title>Sign in\n– Shop</title>", /web page \(“Sign in – Shop”\)/],
  ["a page with a comment first", "<!-- saved -->\n<html><body>", /web page/],
  ["a page in UTF-16", Buffer.from("\uFEFF<html><body>Sign in</body>", "utf16le"), /web page/],
  ["a table called .xls", '<html xmlns:o="urn:x"><table><tr><td>1</td></tr></table>', /web page with a table/],
  [
    "S3: no right",
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    /error of Amazon S3 \(AccessDenied, Access Denied\)[\s\S]*s3:GetObject/,
  ],
  [
    "S3: no key",
    "<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>",
    /NoSuchKey, The key/,
  ],
  ["Excel 2003", '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook>', /workbook in XML/],
  ["XML", "<orders><order id='1'/></orders>", /it is XML/],
  ["JSON", '[{"invoice": 1},\n {"invoice": 2}]', /it is JSON/],
  ["JSON over lines", '{\n  "error": "not found",\n "a": 1}', /it is JSON/],
  ["lines of JSON", '{"invoice":1,"price":2}\n{"invoice":2,"price":3}\n', /it is JSON/],
  ["SQL", "-- MySQL dump\n--\nDROP TABLE IF EXISTS `a`;\nINSERT INTO a VALUES (1,2);\n", /dump of SQL/],
  ["a PDF", latin1(`%PDF-1.7\n${NOISE}`), /PDF/],
  ["Parquet", latin1(`PAR1${NOISE}`), /Parquet/],
  ["a zip", latin1(`PK\x03\x04${NOISE}`), /zip archive/],
  [
    "an old workbook",
    latin1(`\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1${NOISE}`),
    /old Excel workbook[\s\S]*without a password/,
  ],
  ["gzip in gzip", latin1(`\x1f\x8b\x08${NOISE}`), /gzip within gzip/],
  ["SQLite", latin1(`SQLite format 3\0${NOISE}`), /SQLite/],
  ["a picture", latin1(`\x89PNG\r\n\x1a\n${NOISE}`), /picture/],
  ["LZ4", latin1(`\x04\x22\x4d\x18${NOISE}`), /LZ4 archive/],
  ["a tar", latin1(`${"a".repeat(257)}ustar${NOISE}`), /tar archive/],
  ["a shortcut", "[InternetShortcut]\nURL=https://example.com/orders.csv\n", /shortcut to a web page/],
  ["PGP", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n", /encrypted with PGP/],
  ["something binary", latin1(NOISE), /binary/],
  [
    "UTF-32",
    Buffer.from([..."\uFEFFInvoice,Price\n1,2\n"].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8, 0, 0])),
    /UTF-32/,
  ],
])("%s is refused by its name, in two printable lines", (_, file, says) => {
  const refusal = refusalOf(file);
  expect(refusal).toBeDefined();
  const lines = [refusal!.message, refusal!.hint!];
  expect(lines.join("\n")).toMatch(says);
  for (const line of lines) expect(line).toMatch(/^[\x20-\x7e“”–]+$/);
  expect(messageOf(refusal)).toMatch(/^Could not read /);
});

test.each([
  ["comma", "Invoice,StockCode\n1,2\n"],
  ["what MYOB writes above a header", "{}\nCo./Last Name\tInvoice No.\nBerg\t1\n"],
  ["names in brackets", "[Invoice],[StockCode]\n1,2\n"],
  ["a set", "SET OF 6 MUGS,2\nCREATE YOUR OWN,3\n"],
  ["an angle", "<name>,<price>\na,1\n"],
  ["NULs behind it", `Invoice,StockCode\n1,2\n${"\0".repeat(4096)}`],
  ["code page 850", latin1("Artikel;Preis\nK\x81hlschrank gr\x81n;2\nM\x94bel;3\n")],
  ["tabs and returns", "a\tb\r1\t2\r3\t4\r"],
  ["UTF-16 without a mark", Buffer.from("a\tb\r\n1\t2\r\n", "utf16le")],
])("a table is not refused: %s", (_, file) => {
  expect(refusalOf(file)).toBeUndefined();
});
