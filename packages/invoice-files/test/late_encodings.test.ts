import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { NOTHING_GIVEN, notesText, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";

const folder = mkdtempSync(join(tmpdir(), "encodings-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER = "Invoice;StockCode;Description;Quantity;InvoiceDate;Price;Customer ID\n";
const line = (i: number, customer: string): string =>
  `${i};85048;${"LÄMPCHEN, 12 Stück, ".repeat(16)};12;2009-12-01;6.95;${customer}\n`;
/** More than is looked at as a whole. */
const LINES = 7000;
const usual = (encoding: BufferEncoding): Buffer =>
  Buffer.from(HEADER + Array.from({ length: LINES }, (_, i) => line(i, "Müller")).join(""), encoding);
/** Puts lines where no window of a sample looks, between two of the 256 of 8 KiB; see `sampleFile`. */
function joined(begin: Buffer, other: Buffer, encoding: BufferEncoding): Buffer {
  const end = Buffer.from("\n", encoding);
  const [piece, window] = [2 ** 17, 2 ** 13];
  const between = (begin.length - 2 * piece - window) / 256;
  const blind = 2 * Math.ceil((piece + 100.5 * between + window) / 2);
  const at = begin.indexOf(end, blind) + end.length;
  return Buffer.concat([begin.subarray(0, at), other, begin.subarray(at)]);
}

async function read(what: string, bytes: Buffer) {
  const path = join(folder, `${what}.csv`);
  writeFileSync(path, bytes);
  const file = await openInvoiceFile(path, NOTHING_GIVEN);
  const customers = new Map<string | null, number>();
  let rejected = 0;
  for await (const { lines, rejects } of file.lines()) {
    rejected += rejects.length;
    for (const { customerId } of lines) customers.set(customerId, (customers.get(customerId) ?? 0) + 1);
  }
  const encoding = file.rows.find((row) => row.what === "encoding")!.readAs;
  return { encoding, customers: Object.fromEntries(customers), rejected, notes: notesText(file.notes()) };
}

test("lines in UTF-8 late in a file in Windows-1252 are read as they are, and said", async () => {
  const other = Buffer.from(line(-1, "Müller") + line(-2, "Müller"));
  expect(await read("late utf-8", joined(usual("latin1"), other, "latin1"))).toEqual({
    encoding: "Windows-1252",
    customers: { Müller: LINES + 2 },
    rejected: 0,
    notes: ["2 lines are in UTF-8, unlike the others, and were read so: names in them are worth a look."],
  });
});

test("and the other way round", async () => {
  const other = Buffer.from(line(-1, "Müller"), "latin1");
  expect(await read("late windows-1252", joined(usual("utf8"), other, "utf8"))).toEqual({
    encoding: "UTF-8",
    customers: { Müller: LINES + 1 },
    rejected: 0,
    notes: [
      "1 line is in Windows-1252 or another encoding of eight bits, unlike the others, and was read so: names in it are worth a look.",
    ],
  });
});

test("lines cut within a character are kept, and said", async () => {
  const other = Buffer.concat([
    Buffer.from("-1;85048;\u201d"),
    Buffer.from([0xe2, 0x80]),
    Buffer.from(";12;2009-12-01;6.95;x\n"),
  ]);
  expect((await read("cut", joined(usual("utf8"), other, "utf8"))).notes).toEqual([
    "1 line has characters that cannot be read: \ufffd stands for them.",
  ]);
});

test.each([
  ["utf8", "utf16le"],
  ["latin1", "utf16le"],
  ["utf16le", "utf8"],
] as const)("a file in %s that goes on in %s is stopped", async (encoding, other) => {
  const rest = Buffer.from(Array.from({ length: 20 }, (_, i) => line(-i, "Müller")).join(""), other);
  await expect(read(`${encoding} ${other}`, joined(usual(encoding), rest, encoding))).rejects.toThrow(
    /two files have been joined byte by byte/,
  );
});
