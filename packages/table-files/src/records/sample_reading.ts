import type { TableRecord } from "../record.js";
import type { SampleText } from "../text/sample_texts.js";
import type { TextFormat } from "../text/text_format.js";
import { recordSplitter } from "./split_records.js";

/** How a sample comes out where it is read in one format. */
export interface SampleReading {
  readonly format: TextFormat;
  /** Of the first piece, for those who ask. */
  readonly first: readonly TableRecord[];
  /** Whether there is one piece, and none of its records depends on how many fields are usual. */
  readonly isSettled: boolean;
  readonly records: number;
  /** Records that have the usual number of fields and no problem. */
  readonly regular: number;
  readonly problems: number;
  /** Fields that records usually have. */
  readonly width: number;
  /** Columns among them with something in it. */
  readonly columns: number;
  /** Whether the first record is one of them, as a header is. */
  readonly isHeaded: boolean;
  /** From less than 0 to 1: the fields that are a number or a date, less those that hold one half of a pair of quotes. */
  readonly typed: number;
}

/** Records of which the fields are looked at. */
const LOOKED_AT = 2000;
const NUMBER = /^[-+−(]?\s?[£$€¥]?\s?[-+]?\d[\d.,'’\s]*(?:e[-+]?\d+)?\s?(?:[-)%£$€¥]|EUR|USD|GBP)?$/iu;
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T,\s].*)?$/;

/** Reads texts, each of which begins at the start of a line; the first, which is not within a field, tells how many fields records have. */
export function readSample(texts: readonly SampleText[], format: TextFormat): SampleReading {
  const alone = recordsOf(texts.slice(0, 1), withWidths(format, undefined));
  const head = alone.flat();
  // How many fields are usual matters to records with a problem or over several lines only.
  const isSettled =
    texts.length === 1 && !head.some(({ problem, text }) => problem !== undefined || text.includes("\n"));
  const pieces = isSettled ? alone : recordsOf(texts, withWidths(format, usualWidths(head)));
  const records = pieces.flat();
  const widths = usualWidths(records);
  const [width = 0] = widths;
  const isRegular = ({ fields, problem }: TableRecord): boolean => problem === undefined && fields.length === width;
  let regular = 0;
  let problems = 0;
  const filled = new Set<number>();
  for (const record of records) {
    const { fields, problem } = record;
    if (problem !== undefined) problems++;
    if (!isRegular(record)) continue;
    regular++;
    if (filled.size < width) for (let at = 0; at < width; at++) if (fields[at] !== "") filled.add(at);
  }
  return {
    format: withWidths(format, widths),
    first: pieces[0] ?? [],
    isSettled,
    records: records.length,
    regular,
    problems,
    width,
    columns: filled.size,
    isHeaded: records.slice(0, 1).some(isRegular),
    typed: typedShare(records.slice(0, LOOKED_AT)),
  };
}

/**
 * The records of each text, whole ones only. In texts after the first, those in front of the first that has a usual number
 * of fields are left out: they may be the rest of a quoted field.
 */
export function recordsOf(texts: readonly SampleText[], format: TextFormat): TableRecord[][] {
  return texts.map(({ text, atEnd }, at) => {
    if (at === 0) return recordSplitter(format)(text, atEnd);
    const records = recordSplitter(withoutSeparatorLine(format))(text, atEnd);
    const { widths } = format;
    const first = records.findIndex(
      ({ fields, problem }) => problem === undefined && (widths === undefined || widths.includes(fields.length)),
    );
    return first < 0 ? [] : records.slice(first);
  });
}

function withWidths(
  { encoding, separator, quoting, lineEnd, separatorLine, columns }: TextFormat,
  widths: readonly number[] | undefined,
): TextFormat {
  const format = { encoding, separator, quoting, lineEnd, separatorLine, ...(columns && { columns }) };
  return widths === undefined || widths.length === 0 ? format : { ...format, widths };
}

function withoutSeparatorLine({ encoding, separator, quoting, lineEnd, columns, widths }: TextFormat): TextFormat {
  return withWidths(
    { encoding, separator, quoting, lineEnd, separatorLine: false, ...(columns && { columns }) },
    widths,
  );
}

/** The numbers of fields that at least one record in fifty has, the most frequent first. Without records: none. */
function usualWidths(records: readonly TableRecord[]): number[] {
  const counts = new Map<number, number>();
  let split = 0;
  for (const { fields, problem } of records) {
    if (problem !== undefined) continue;
    split++;
    counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count * 50 >= split)
    .sort(([width, count], [otherWidth, otherCount]) => otherCount - count || otherWidth - width)
    .map(([width]) => width);
}

function typedShare(records: readonly TableRecord[]): number {
  let typed = 0;
  let filled = 0;
  for (const { fields } of records) {
    for (const field of fields) {
      if (field === "") continue;
      filled++;
      if (field.length < 40 && (NUMBER.test(field) || DATE.test(field))) typed++;
      else if (field.includes('"') && field.split('"').length % 2 === 0) typed--;
    }
  }
  return filled === 0 ? 0 : typed / filled;
}
