import type { Sample } from "../bytes/sample.js";
import { type Decision, isOpen, type OpenQuestion } from "../decision.js";
import type { TableRecord } from "../record.js";
import { decideEncoding } from "../text/encoding.js";
import type { NamesIn } from "../text/encoding_by_names.js";
import { type SampleText, sampleTexts, uncutTexts } from "../text/sample_texts.js";
import type { LineEnd, Quoting, TextFormat } from "../text/text_format.js";
import { decideQuoting } from "./quoting.js";
import { readSample, recordsOf, type SampleReading } from "./sample_reading.js";
import { decideSeparator, separatorOfFirstLine } from "./separator.js";

/** How a text file is meant, as far as its sample tells. What depends on an open question is open as well, and not there. */
export interface TextReading {
  readonly encoding: Decision<string> | OpenQuestion;
  readonly lineEnd?: Decision<LineEnd>;
  /** The value is the character. */
  readonly separator?: Decision<string> | OpenQuestion;
  readonly quoting?: Decision<Quoting>;
  /** Null where a question is open. */
  readonly format: TextFormat | null;
  /** The records of each piece, as `sampleRecords` gives them, where they have been split on the way. */
  readonly records?: readonly TableRecord[][];
}

/** What parameters say about a text file; see `encodingNamed` and `separatorNamed`. */
export interface GivenTextFormat {
  readonly encoding?: string | undefined;
  readonly separator?: string | undefined;
}

/**
 * Decides how a text file is meant, by a sample of its bytes.
 *
 * @param namesIn how many names of columns a line has, which tells encodings apart
 * @throws ArgumentError for a given encoding or separator that is none; StepError for UTF-32
 */
export function detectText(
  sample: Sample,
  given: GivenTextFormat = {},
  { namesIn }: { namesIn?: NamesIn } = {},
): TextReading {
  const encoding = decideEncoding(sample, { given: given.encoding, namesIn });
  if (isOpen(encoding)) return { encoding, format: null };
  const uncut = uncutTexts(sample, encoding.value);
  const [first, ...others] = lineEndsOf(uncut).map((lineEnd) => {
    const [text = ""] = uncut;
    // Of a small file it is all of its text.
    const isAll = sample.whole && uncut.length === 1 && lineEnd.value !== "cr";
    const texts = isAll ? [{ text, atEnd: true }] : sampleTexts(fewerPieces(sample), encoding.value, lineEnd.value);
    return readWith(texts, encoding.value, lineEnd, given.separator);
  }) as [Candidate, ...Candidate[]];
  const best = others.find((other) => regularOf(other) > regularOf(first)) ?? first;
  const { lineEnd, separator, quoting, reading } = best;
  if (quoting === undefined || reading === undefined) return { encoding, lineEnd, separator, format: null };
  const isAll = reading.isSettled && sample.pieces.length === 1;
  return {
    encoding,
    lineEnd,
    separator,
    quoting,
    format: reading.format,
    ...(isAll && { records: [[...reading.first]] }),
  };
}

/** A reading with one way of ending lines. */
interface Candidate {
  readonly lineEnd: Decision<LineEnd>;
  readonly separator: Decision<string> | OpenQuestion;
  readonly quoting?: Decision<Quoting>;
  readonly reading?: SampleReading;
}

function readWith(
  texts: readonly SampleText[],
  encoding: string,
  lineEnd: Decision<LineEnd>,
  given?: string,
): Candidate {
  const format: TextFormat = {
    encoding,
    separator: ",",
    quoting: "doubled",
    lineEnd: lineEnd.value,
    separatorLine: separatorOfFirstLine(texts[0]?.text ?? "") !== undefined,
  };
  const separator = decideSeparator(texts, format, given);
  if (isOpen(separator)) return { lineEnd, separator };
  if (separator.columns !== undefined) {
    const { value, columns } = separator;
    const reading = readSample(texts, { ...format, separator: value, quoting: "none", columns });
    return {
      lineEnd,
      separator,
      quoting: { value: "none", evidence: "columns of a fixed width", confidence: "certain" },
      reading,
    };
  }
  const { quoting, reading } = separator.quoted ?? decideQuoting(texts, { ...format, separator: separator.value });
  return { lineEnd, separator, quoting, reading };
}

/** Separators and quotes are tried on one in so many of the pieces between the first and the last. */
const TRIED = 16;

function fewerPieces({ pieces, size, whole }: Sample): Sample {
  const last = pieces.length - 1;
  return {
    pieces: last < TRIED ? pieces : pieces.filter((_piece, at) => at % TRIED === 0 || at === last),
    size,
    whole,
  };
}

/** Records of which columns can be decided. */
function regularOf({ reading }: Candidate): number {
  return reading !== undefined && reading.width > 1 ? reading.regular : 0;
}

function occurrences(text: string, of: string): number {
  let count = 0;
  for (let at = text.indexOf(of); at >= 0; at = text.indexOf(of, at + of.length)) count++;
  return count;
}

/** The ways in which the lines of a sample may end, the usual one first. */
function lineEndsOf(texts: readonly string[]): Decision<LineEnd>[] {
  let crlf = 0;
  let lf = 0;
  let cr = 0;
  for (const text of texts) {
    const pairs = occurrences(text, "\r\n");
    crlf += pairs;
    lf += occurrences(text, "\n") - pairs;
    if (text.includes("\r")) cr += text.match(/\r+(?!\r*\n)/g)?.length ?? 0;
  }
  const counts = `${crlf} lines end with CR LF, ${lf} with LF`;
  const feeds: Decision<LineEnd> = {
    value: crlf > lf ? "crlf" : "lf",
    evidence: counts,
    confidence: "certain",
  };
  if (cr === 0) return [feeds];
  return [feeds, { value: "cr", evidence: `${counts}, ${cr} with CR alone`, confidence: "likely" }];
}

/**
 * The records of each piece of a sample. Of pieces after the first, lines that a piece begins or ends within are left out, and so are
 * records in front of the first that has a usual number of fields: they may be the rest of a quoted field. Line numbers
 * count from the start of the piece.
 */
export function sampleRecords(sample: Sample, format: TextFormat): readonly TableRecord[][] {
  return recordsOf(sampleTexts(sample, format.encoding, format.lineEnd), format);
}
