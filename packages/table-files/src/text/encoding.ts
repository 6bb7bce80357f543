import { isAscii, isUtf8 } from "node:buffer";
import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { Sample } from "../bytes/sample.js";
import type { Choice, Decision, OpenQuestion } from "../decision.js";
import { isUndefinedInWindows1252 } from "./code_pages.js";
import { lineDecoder } from "./decode.js";
import { encodingByNames, type NamesIn } from "./encoding_by_names.js";
import { encodingNamed } from "./text_format.js";
import { lineCount, linesBeyondAscii, linesOf, wholeLines, wholeParts } from "./whole_lines.js";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * In which encoding a text file is: a byte order mark says so, or the places of NULs (UTF-16), or whether its lines are valid UTF-8, or the
 * names of its columns.
 *
 * @param given what the parameter `encoding` says
 * @param namesIn see `encodingByNames`
 * @throws ArgumentError for a given name that cannot be read; StepError for UTF-32
 */
export function decideEncoding(
  sample: Sample,
  { given, namesIn }: { given?: string | undefined; namesIn?: NamesIn | undefined } = {},
): Decision<string> | OpenQuestion {
  const head = Buffer.from(sample.pieces[0]?.bytes ?? []);
  const [first = 0, second = 0, third = 0] = head;
  if (given !== undefined) {
    const named = encodingNamed(given);
    const bigEndian = given.trim().toLowerCase() === "utf-16" && first === 0xfe && second === 0xff;
    return { value: bigEndian ? "utf-16be" : named, evidence: "the parameter encoding says so", confidence: "given" };
  }
  const wide = wideEncodingOf(head);
  if (wide === "utf-32") {
    throw new StepError({
      tried: "read the file",
      got: "it looks like UTF-32, which hardly any program writes",
      hint: "Save it as CSV in UTF-8.",
    });
  }
  const marked = "the file begins with the mark of";
  if (first === 0xff && second === 0xfe) return certain("utf-16le", `${marked} UTF-16 LE`);
  if (first === 0xfe && second === 0xff) return certain("utf-16be", `${marked} UTF-16 BE`);
  if (wide !== undefined) return certain(wide, "every other byte is NUL, as in UTF-16 without a mark");

  const { utf8, other, undefinedBytes } = linesByEncoding(sample);
  const nuls = nulsIn(sample);
  const left = nuls > 0 ? `; ${formatPlural(nuls, "NUL byte")}, left out` : "";
  const isMarked = first === 0xef && second === 0xbb && third === 0xbf;
  const lead = isMarked ? `${marked} UTF-8` : "";
  if (other === 0) {
    if (isMarked) return certain("utf-8", lead + left);
    return utf8 > 0
      ? certain("utf-8", `${formatPlural(utf8, "line")} with other than ASCII characters, all valid UTF-8${left}`)
      : certain(
          "utf-8",
          `${formatPlural(lineCount(sample), "line")} of ASCII, which is the same in UTF-8 and Windows-1252${left}`,
        );
  }
  const byNames = namesIn && other > utf8 && !isMarked ? encodingByNames(sample, namesIn) : undefined;
  if (byNames !== undefined) return { ...byNames, evidence: byNames.evidence + left };
  if (utf8 > 0 && other > utf8 && undefinedBytes === 0 && !isMarked) {
    const evidence = `${formatPlural(other, "line")} with other than ASCII characters that are not UTF-8; ${formatNumber(utf8)} valid UTF-8, read as such${left}`;
    return { value: "windows-1252", evidence, confidence: "likely" };
  }
  if (utf8 > 0 || isMarked) {
    const evidence = `${formatPlural(utf8, "line")} valid UTF-8; ${formatNumber(other)} not, read as Windows-1252${left}`;
    return { value: "utf-8", evidence: lead ? `${lead}; ${evidence}` : evidence, confidence: "likely" };
  }
  const unlike = `${formatPlural(other, "line")} with other than ASCII characters, none valid UTF-8${left}`;
  if (undefinedBytes > 0) {
    const got = `${unlike}; ${formatPlural(undefinedBytes, "byte")} among them that Windows-1252 has no character for`;
    const eastAsian = EAST_ASIAN.filter((encoding) => isIn(sample, encoding));
    return askedOf(sample, got, ["windows-1252", "ibm850", "macintosh", "windows-1250", ...eastAsian], hasUndefined);
  }
  const [header, below] = wholeLines(sample);
  for (const [isUnlikely, values] of UNLIKELY) {
    const lines = [...wholeLines(sample)].filter(isUnlikely);
    if (lines.length < OFTEN * other && !(isUnlikely === hasRun && isHeaderOfLetters(header, below))) continue;
    const got = `${unlike}; ${formatPlural(lines.length, "line")} among them that Windows-1252 would hardly read as words`;
    return askedOf(sample, got, values, isUnlikely);
  }
  return { value: "windows-1252", evidence: unlike, confidence: "likely" };
}

const EAST_ASIAN = ["shift_jis", "euc-jp", "big5", "euc-kr"];

const WIDE = /[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]/;
const WIDE_WORD = /[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]{2}/;
const NO_TEXT = /[^\P{C}\s]/u;

/** Whether all lines can be of an encoding, and most have words of it: an umlaut and the letter behind it may be a character there. */
function isIn(sample: Sample, encoding: string): boolean {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let [wide, words] = [0, 0];
  try {
    for (const line of wholeLines(sample)) {
      if (isAscii(line)) continue;
      const text = decoder.decode(line);
      if (NO_TEXT.test(text)) return false;
      if (WIDE.test(text)) wide++;
      if (WIDE_WORD.test(text)) words++;
    }
  } catch {
    return false;
  }
  return 2 * words > wide;
}

const hasUndefined = (line: Buffer): boolean => line.some(isUndefinedInWindows1252);

/** Of the lines with other than ASCII characters, so many with such words are no chance. */
const OFTEN = 0.05;
const IN_WORDS = /[a-z][\xb3\xb9\xbf\x9f][a-z]/i;
const RUNS = /[\xa1-\xff]{4}/;
const RUNS_OF_LETTERS = /[\xc0-\xd6\xd8-\xf6\xf8-\xff]{4}/;

const hasRun = (line: Buffer): boolean => RUNS.test(line.toString("latin1"));
const SEPARATORS = [",", ";", "\t", "|"];

/** How many fields of a line have something in them. */
function filledFields(line: Buffer): number {
  const text = line.toString("latin1");
  return Math.max(...SEPARATORS.map((sign) => text.split(sign).filter((field) => field.trim() !== "").length));
}

/** Names of columns are words, whatever is below them; a title or an ornament above a table has not as many fields. */
function isHeaderOfLetters(header: Buffer | undefined, below: Buffer | undefined): boolean {
  if (header === undefined || below === undefined || !RUNS_OF_LETTERS.test(header.toString("latin1"))) return false;
  const fields = filledFields(header);
  return fields > 1 && fields >= filledFields(below);
}

/** Signs within words, as Windows-1252 reads ł, ą, ż; and many accents in a row, as it reads Cyrillic, Greek or Chinese. */
const UNLIKELY: readonly [isUnlikely: (line: Buffer) => boolean, encodings: readonly string[]][] = [
  [(line) => IN_WORDS.test(line.toString("latin1")), ["windows-1252", "windows-1250", "iso-8859-2", "macintosh"]],
  [hasRun, ["windows-1252", "windows-1251", "windows-1253", "gb18030"]],
];

const askedOf = (
  sample: Sample,
  got: string,
  values: readonly string[],
  matters: (line: Buffer) => boolean,
): OpenQuestion => ({
  parameter: "encoding",
  got,
  choices: values.map((value): Choice => ({ value, reads: readsOf(sample, value, matters) })),
});

function certain(value: string, evidence: string): Decision<string> {
  return { value, evidence, confidence: "certain" };
}

/**
 * UTF-16 or UTF-32 by the places of NULs: characters of ASCII, of which every table has many, have one (or three) on always the same side,
 * line ends above all. NULs in fields or at the end of a file of another encoding are few, or come in runs, or on either side.
 */
function wideEncodingOf(head: Buffer): "utf-16le" | "utf-16be" | "utf-32" | undefined {
  if (!head.includes(0)) return undefined;
  const length = Math.min(head.length, 1 << 16) & ~1;
  let pairs = 0;
  let emptyPairs = 0;
  /** Pairs with a NUL, and line ends with and without one, for the low byte on the left and on the right. */
  const narrow = [0, 0];
  const lineEnds = [0, 0];
  const narrowLineEnds = [0, 0];
  for (let at = 0; at < length; at += 2) {
    const pair = [head[at], head[at + 1]];
    if (pair[0] === 0 && pair[1] === 0) {
      emptyPairs++;
      continue;
    }
    pairs++;
    for (const side of [0, 1]) {
      const isNarrow = pair[1 - side] === 0;
      const isLineEnd = pair[side] === LINE_FEED || pair[side] === CARRIAGE_RETURN;
      if (isNarrow) narrow[side]!++;
      if (isLineEnd) lineEnds[side]!++;
      if (isLineEnd && isNarrow) narrowLineEnds[side]!++;
    }
  }
  const side = narrow[0]! > narrow[1]! ? 0 : 1;
  const isWide =
    narrow[side]! > pairs * 0.3 &&
    narrow[1 - side]! <= narrow[side]! * 0.1 &&
    narrowLineEnds[side]! >= lineEnds[side]! * 0.9;
  if (!isWide) return undefined;
  // In UTF-32 every second pair is empty, from the first character on.
  const startsWider = head.subarray(0, 8).some((byte, at) => byte === 0 && head[at + 1] === 0);
  if (startsWider && Math.abs(emptyPairs - pairs) <= pairs * 0.1 + 1) return "utf-32";
  return side === 0 ? "utf-16le" : "utf-16be";
}

function nulsIn({ pieces }: Sample): number {
  let nuls = 0;
  for (const { bytes } of pieces) for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) nuls++;
  return nuls;
}

/** Lines with other than ASCII characters. */
interface LinesByEncoding {
  readonly utf8: number;
  readonly other: number;
  /** In the lines that are not UTF-8. */
  readonly undefinedBytes: number;
}

function linesByEncoding(sample: Sample): LinesByEncoding {
  let utf8 = 0;
  let other = 0;
  let undefinedBytes = 0;
  for (const part of wholeParts(sample)) {
    if (isAscii(part.lines)) continue;
    if (isUtf8(part.lines)) {
      utf8 += linesBeyondAscii(part);
      continue;
    }
    for (const line of linesOf(part)) {
      if (isAscii(line)) continue;
      if (isUtf8(line)) utf8++;
      else {
        other++;
        for (const byte of line) if (isUndefinedInWindows1252(byte)) undefinedBytes++;
      }
    }
  }
  return { utf8, other, undefinedBytes };
}

/** The first lines in which the choice matters, as it reads them. */
function readsOf(sample: Sample, encoding: string, matters: (line: Buffer) => boolean): string[] {
  const reads: string[] = [];
  for (const line of wholeLines(sample)) {
    if (!matters(line)) continue;
    const decode = lineDecoder({ encoding, lineEnd: "lf" });
    const text = (decode(line) + decode(undefined)).trim();
    reads.push(text.length > 200 ? `${text.slice(0, 200)}…` : text);
    if (reads.length === 3) break;
  }
  return reads;
}
