import { StepError } from "@keyspaces-segmentation/common";
import type { Sample } from "../bytes/sample.js";
import { lookOfHead } from "../bytes/signatures.js";
import { isOpen } from "../decision.js";
import { decideEncoding } from "../text/encoding.js";
import { sampleTexts } from "../text/sample_texts.js";
import { SEPARATOR_LINE } from "./split_records.js";

const EXPORT = "Export the invoices as CSV or .xlsx and give that file.";
/** Characters of the text that are looked at, and bytes that have as many in any encoding. */
const LOOKED_AT = 20_000;
const FIRST_BYTES = 1 << 17;

/**
 * Refuses a file that is no table of text, by what it looks like. A workbook has to be taken out before.
 *
 * @param name of the file, for the message
 * @throws StepError: what the file looks like and what to do, in two lines, without any of its bytes
 */
export function refuseNonTable(sample: Sample, name: string): void {
  const head = sample.pieces[0]?.bytes ?? new Uint8Array();
  const refuse = (is: string, todo: string): never => {
    throw new StepError({ tried: `read ${name.replace(/\s+/g, " ")}`, got: is, hint: todo });
  };
  if (sample.size === 0) refuse("the file is empty", EXPORT);
  const other = lookOfHead(head);
  if (other !== undefined) refuse(other.got, other.hint);
  if (sample.pieces.every(({ bytes }) => bytes.every((byte) => byte === 0))) {
    refuse("there is nothing in the file but NUL bytes", "It was not copied or written to its end: get it once more.");
  }
  const text = textOf({
    pieces: [{ bytes: head.subarray(0, FIRST_BYTES), offset: 0 }],
    size: sample.size,
    whole: false,
  });
  const start = text.slice(0, LOOKED_AT).trimStart();
  const [is, todo] = lookOf(start, sample.size) ?? [];
  if (is !== undefined && todo !== undefined) refuse(is, todo);
  if (!sample.whole || linesWithContent(text) > 1) return;
  const lines = linesWithContent(textOf(sample));
  if (lines === 0) refuse("there is nothing in the file but blanks and separators", EXPORT);
  if (lines === 1) refuse("there is one line in the file: a header and nothing below it, or no table", EXPORT);
}

/** The text of a sample's first piece. */
function textOf(sample: Sample): string {
  const encoding = decideEncoding(sample);
  const [{ text } = { text: "" }] = sampleTexts(sample, isOpen(encoding) ? "windows-1252" : encoding.value, "cr");
  return text;
}

/** What a text looks like that is no table, and what to do. */
function lookOf(start: string, size: number): readonly [is: string, todo: string] | undefined {
  if (start.startsWith("version https://git-lfs.github.com/spec/")) {
    return [
      `it is a Git LFS pointer of ${size} bytes, not the file that it stands for`,
      "Fetch the file: git lfs pull",
    ];
  }
  if (/^(?:\S*\/annex\/objects\/|outs:\s+- (?:md5|etag|path))/.test(start)) {
    return [
      "it is a pointer of git-annex or DVC, not the file that it stands for",
      "Fetch the file: git annex get, or dvc pull",
    ];
  }
  if (/^(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|table|meta|script|div|title)\b/i.test(start)) {
    const title = /<title[^>]*>([^<]*)<\/title>/i.exec(start)?.[1]?.replace(/\s+/g, " ").trim().slice(0, 60);
    return /<table\b/i.test(start)
      ? [
          "it is a web page with a table (some shops call that .xls or .csv)",
          "Open it in a spreadsheet and save it as CSV or .xlsx.",
        ]
      : [
          `it is a web page${title ? ` (“${title}”)` : ""}, such as of signing in`,
          "Download the file itself, signed in.",
        ];
  }
  if (/^(?:<\?xml|<[A-Za-z][\w:.-]*(?:\s[^<>]*)?>)/.test(start)) return xmlOf(start);
  // MYOB writes {} above the header of a table.
  if (
    !/^\{\}\s*\n[^\n]*[\t,;]/.test(start) &&
    /^(?:\{\s*(?:"|\}|$)|\[\s*(?:[{["\]]|-?\d|$))/.test(start) &&
    isJson(start)
  ) {
    return ["it is JSON", "Write the invoices as CSV, a line for each line of an invoice."];
  }
  if (SQL.test(start)) {
    return ["it is a dump of SQL", EXPORT];
  }
  if (/^(?:%[^\n]*\n\s*)*@relation\s/i.test(start)) {
    return [
      "it is an ARFF file, as Weka has them",
      "Write the table as CSV: what follows @data, below the names of the attributes.",
    ];
  }
  if (start.startsWith("[InternetShortcut]")) return ["it is a shortcut to a web page", "Download the file itself."];
  if (/^%?-{5}BEGIN PGP /.test(start)) return ["it is encrypted with PGP", "Decrypt it first."];
  // But for those that separate its fields.
  const control = start.replaceAll("\u0001", "").replaceAll("\u001f", "").match(CONTROL)?.length ?? 0;
  if (control > start.length * 0.05) return ["it is binary and no file that is known here", EXPORT];
  return undefined;
}

/** Comments, then the first statement. */
const SQL =
  /^(?:--[^\n]*\s+|\/\*[\s\S]{0,2000}?\*\/;?\s*)*(?:CREATE (?:TABLE|DATABASE|SCHEMA)\b|INSERT INTO\b|DROP TABLE\b|SET \S+ ?=)/i;
/** Characters that no table holds. */
const CONTROL = /[^\P{Cc}\t\n\r]|\ufffd/gu;

function xmlOf(start: string): readonly [is: string, todo: string] | undefined {
  const word = (element: string): string | undefined =>
    new RegExp(`<${element}>([\\w .,:'()-]{1,80})</${element}>`).exec(start)?.[1];
  const code = word("Code");
  if (code !== undefined && /<Error\b/.test(start)) {
    const message = word("Message");
    const said = message === undefined ? code : `${code}, ${message}`;
    const todo =
      code === "AccessDenied"
        ? "Ask for the right to read it (s3:GetObject), and download it again."
        : "Check its address, and download it again.";
    return [`it is an error of Amazon S3 (${said.replace(/\.$/, "")}), not the file that was asked for`, todo];
  }
  if (/progid="Excel\.Sheet"|urn:schemas-microsoft-com:office:spreadsheet/.test(start)) {
    return ["it is a workbook in XML (Excel 2003)", "Open it in a spreadsheet and save it as .xlsx or CSV."];
  }
  return start.startsWith("<?xml") || /<\/[A-Za-z][\w:.-]*>/.test(start) ? ["it is XML", EXPORT] : undefined;
}

/** Whether a text is JSON, or lines of JSON, as far as it can be seen; a header may begin with a bracket as well. */
function isJson(start: string): boolean {
  const [line = ""] = start.split("\n", 1);
  try {
    JSON.parse(line);
    return true;
  } catch {
    return /^(?:\{\s*"[^"\n]*"\s*:|[{[]\s*(?:\n\s*)*[{["])/.test(start) || line.trim().length === 1;
  }
}

/** Lines with more in them than separators, as far as two; a line that names the separator is none. */
function linesWithContent(text: string): number {
  let lines = 0;
  for (const [at, line] of text.split("\n", 10_000).entries()) {
    if (at === 0 && SEPARATOR_LINE.test(line)) continue;
    if (/[^\s,;|"\ufeff]/.test(line.replaceAll("\x1a", "")) && ++lines === 2) break;
  }
  return lines;
}
