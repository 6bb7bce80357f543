import { open } from "node:fs/promises";
import { basename } from "node:path";
import { StepError } from "@keyspaces-segmentation/common";
import { Workbook } from "../workbook/workbook.js";
import { WorkbookFile } from "../workbook/workbook_file.js";
import { openBytes, readFailure } from "./file_bytes.js";
import { otherKindOf } from "./signatures.js";

/** What a file is by its bytes. */
export type FileKind = "text" | "gzip" | "workbook";

const SAVE_AS = "Open it in the program it comes from, save it as .xlsx or as CSV (UTF-8), and give that file.";
const UNPACK = "Unpack it, and give the table that is in it.";

const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/**
 * What a file is, by its bytes and never by its name: `workbook` is one of Excel's from 2007 on (.xlsx, .xlsm), also a renamed one; `text` is whatever is not known to be something else.
 *
 * @throws StepError that says what it is and what to do, where it is something else that is known; and where it cannot be read
 */
export async function kindOfFile(path: string): Promise<FileKind> {
  const first = await firstBytes(path);
  if (startsWith(first, [0x1f, 0x8b])) {
    refuseInGzip(path, await firstUnpacked(path));
    return "gzip";
  }
  if (startsWith(first, "PK\x03\x04") || startsWith(first, "PK\x05\x06")) {
    await requireWorkbook(path);
    return "workbook";
  }
  if (startsWith(first, OLE)) throw await oleFailure(path);
  refuseOthers(path, first, "");
  return "text";
}

/** A zip is read where it is a workbook. */
async function requireWorkbook(path: string): Promise<void> {
  const file = await WorkbookFile.open(path);
  try {
    const names = file.names();
    const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
    if (has(/^xl\/workbook\d*\.xml$/i)) return;
    if (has(/^xl\/workbook\.bin$/i)) throw other(path, "it is a binary workbook of Excel (.xlsb)", SAVE_AS);
    if (has(/\.iwa$|^index\.zip$/i)) throw other(path, "it is a spreadsheet of Apple's Numbers", SAVE_AS);
    if (has(/^word\//i))
      throw other(path, "it is a document of Word", "Give the table itself as CSV or as a workbook.");
    if (has(/^content\.xml$/i))
      throw other(path, "it is a spreadsheet or document of LibreOffice (such as .ods)", SAVE_AS);
    if (has(/^\[content_types\]\.xml$/i) && file.has("_rels/.rels") && (await opensAsWorkbook(path))) return;
    const files = names.filter((name) => !name.endsWith("/") && !name.startsWith("__MACOSX/"));
    const [only] = files;
    if (only === undefined)
      throw other(path, "it is an empty zip file", "Give the table itself as CSV or as a workbook.");
    const got =
      files.length === 1
        ? `it is a zip file with ${only} in it`
        : `it is a zip file with ${files.length} files in it, the first ${only}`;
    throw other(
      path,
      got,
      files.length === 1 ? `Unpack it, and give ${basename(only)}.` : "Unpack it, and give one of them.",
    );
  } finally {
    file.close();
  }
}

/** Whether a zip with a package's table of contents keeps a workbook under a name that is not the usual one. */
async function opensAsWorkbook(path: string): Promise<boolean> {
  try {
    const workbook = await Workbook.open(path);
    workbook.close();
    return workbook.sheets.length > 0;
  } catch {
    return false;
  }
}

/** A file of Excel before 2007, or a workbook that is locked with a password: both are of Microsoft's older container, which names its streams in UTF-16. */
async function oleFailure(path: string): Promise<StepError> {
  const name = (text: string) => Buffer.from(text, "utf16le");
  const locked = name("EncryptedPackage");
  const word = name("WordDocument");
  let isWord = false;
  let before: Uint8Array = new Uint8Array();
  for await (const piece of openBytes(path, { gzip: false })) {
    const bytes = Buffer.concat([before, piece]);
    if (bytes.includes(locked)) {
      return other(
        path,
        "it is a workbook that is locked with a password",
        "Save it without the password, and give that file.",
      );
    }
    isWord ||= bytes.includes(word);
    before = bytes.subarray(-2 * locked.length);
  }
  if (isWord) return other(path, "it is a document of Word", "Give the table itself as CSV or as a workbook.");
  return other(path, "it is a workbook of Excel before 2007 (.xls)", SAVE_AS);
}

function refuseInGzip(path: string, first: Uint8Array): void {
  if (startsWith(first, "PK\x03\x04"))
    throw other(path, "it is a gzip file with a workbook or another zip in it", UNPACK);
  if (startsWith(first, OLE)) throw other(path, "it is a gzip file with a workbook of Excel in it", UNPACK);
  if (startsWith(first, [0x1f, 0x8b])) throw other(path, "it is a gzip file with another gzip file in it", UNPACK);
  if (Buffer.from(first.subarray(257, 262)).toString("latin1") === "ustar") {
    throw other(path, "it is an archive (.tar.gz)", UNPACK);
  }
  refuseOthers(path, first, "it is a gzip file; unpacked, ");
}

function refuseOthers(path: string, first: Uint8Array, before: string): void {
  const found = otherKindOf(first);
  if (found !== undefined) throw other(path, `${before}${found.got}`, found.hint);
}

function other(path: string, got: string, hint: string): StepError {
  return new StepError({ tried: `read ${basename(path)} as a table`, got, hint });
}

function startsWith(bytes: Uint8Array, magic: readonly number[] | string): boolean {
  const first = typeof magic === "string" ? Buffer.from(magic, "latin1") : magic;
  return bytes.length >= first.length && first.every((byte: number, i: number) => bytes[i] === byte);
}

async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const bytes = new Uint8Array(512);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw readFailure(path, cause);
  }
}

async function firstUnpacked(path: string): Promise<Uint8Array> {
  for await (const bytes of openBytes(path, { gzip: true })) return bytes.subarray(0, 512);
  return new Uint8Array();
}
