import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { kindOfFile } from "@keyspaces-segmentation/table-files";
import { filesForTests } from "./support/folder.js";
import { workbook } from "./support/workbook.js";
import { zip } from "./support/zip.js";

const file = filesForTests();
const WORKBOOK = workbook({ sheets: { A: "" } });
const OLE = Buffer.from("d0cf11e0a1b11ae1", "hex");
/** A file of Microsoft's older container with a stream of this name, far from its beginning. */
const ole = (stream: string) =>
  Buffer.concat([OLE, Buffer.alloc(300_000), Buffer.from(stream, "utf16le"), Buffer.alloc(200)]);
const tar = () => {
  const bytes = Buffer.alloc(1024);
  bytes.write("table.csv");
  bytes.write("ustar", 257);
  return bytes;
};

test.each<[string, Uint8Array | string, string]>([
  ["table.xlsx", "Invoice,Price\n1,2\n", "text"],
  ["empty.csv", "", "text"],
  ["utf16.csv", Buffer.from("\ufeffInvoice\tPrice\n", "utf16le"), "text"],
  ["pk.csv", "PK,Name\n1,a\n", "text"],
  ["table.csv", gzipSync("Invoice,Price\n"), "gzip"],
  ["nothing.gz", gzipSync(""), "gzip"],
  ["workbook.csv", WORKBOOK, "workbook"],
])("%s is by its bytes what it is", async (name, bytes, kind) => {
  expect(await kindOfFile(file(name, bytes))).toBe(kind);
});

test.each<[string, Uint8Array | string, string, string]>([
  [
    "one.zip",
    zip({ "Invoices 2024.csv": "a,b" }),
    "it is a zip file with Invoices 2024.csv in it",
    "Unpack it, and give Invoices 2024.csv",
  ],
  [
    "mac.zip",
    zip({ "out/": "", "out/a.csv": "a", "__MACOSX/out/._a.csv": "" }),
    "it is a zip file with out/a.csv in it",
    "Unpack it, and give a.csv",
  ],
  [
    "two.zip",
    zip({ "a.csv": "a", "b.csv": "b" }),
    "it is a zip file with 2 files in it, the first a.csv",
    "give one of them",
  ],
  ["none.zip", zip({}), "it is an empty zip file", "as CSV or as a workbook"],
  [
    "table.ods",
    zip({ mimetype: "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "" }),
    "LibreOffice (such as .ods)",
    "save it as .xlsx or as CSV",
  ],
  ["table.numbers", zip({ "Index/Document.iwa": "" }), "Apple's Numbers", "save it as .xlsx or as CSV"],
  ["table.xlsb", zip({ "xl/workbook.bin": "" }), "binary workbook of Excel (.xlsb)", "save it as .xlsx or as CSV"],
  ["letter.docx", zip({ "word/document.xml": "" }), "document of Word", "as CSV or as a workbook"],
  ["table.xls", ole("Workbook"), "Excel before 2007 (.xls)", "save it as .xlsx or as CSV"],
  ["locked.xlsx", ole("EncryptedPackage"), "locked with a password", "Save it without the password"],
  ["letter.doc", ole("WordDocument"), "document of Word", "as CSV or as a workbook"],
  ["workbook.gz", gzipSync(WORKBOOK), "a gzip file with a workbook or another zip in it", "Unpack it"],
  ["twice.gz", gzipSync(gzipSync("a,b")), "a gzip file with another gzip file in it", "Unpack it"],
  ["table.tgz", gzipSync(tar()), "it is an archive (.tar.gz)", "Unpack it"],
  ["pdf.gz", gzipSync("%PDF-1.7"), "it is a gzip file; unpacked, it is a PDF", "as CSV or as a workbook"],
  ["table.parquet", "PAR1\0\0", "it is a Parquet file", "Write it as CSV"],
  ["table.csv.zst", Buffer.from("28b52ffd00", "hex"), "it is compressed with Zstandard", "Unpack it"],
  [
    "short.gz",
    gzipSync("Invoice,Price\n".repeat(100)).subarray(0, 10),
    "the gzip file ends in the middle of its data",
    "gzip -t",
  ],
  ["short.xlsx", WORKBOOK.subarray(0, 400), "a zip file whose table of contents cannot be read", "save it again"],
])("%s is named, with what to do", async (name, bytes, got, hint) => {
  const error = await kindOfFile(file(name, bytes)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StepError);
  expect((error as StepError).message).toContain(name);
  expect((error as StepError).message).toContain(got);
  expect((error as StepError).hint).toContain(hint);
});

test("a file that is not there is said to be", async () => {
  const path = join(file("there.csv", ""), "..", "not there.csv");
  await expect(kindOfFile(path)).rejects.toThrow(/^Could not read not there\.csv: ENOENT/);
});
