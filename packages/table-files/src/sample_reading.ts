import type { TableRecord } from "./record.js";
import { recordSplitter } from "./split_records.js";
import type { TextFormat } from "./text_format.js";

/** How a sample comes out where it is read in one format. */
export interface SampleReading {
  readonly format: TextFormat;
  /** Of the first piece, for those who ask. */
  readonly first: readonly TableRecord[];
  readonly records: number;
  /** Records that have the usual number of fields and no problem. */
  readonly regular: number;
  readonly problems: number;
  /** Fields that records usually have. */
  readonly width: number;
  /** From less than 0 to 1: the fields that are a number or a date, less those that hold one half of a pair of quotes. */
  readonly typed: number;
}

/** Records of which the fields are looked at. */
const LOOKED_AT = 2000;
const NUMBER = /^[-+−(]?\s?[£$€¥]?\s?[-+]?\d[\d.,'’\s]*(?:e[-+]?\d+)?\s?(?:[-)%£$€¥]|EUR|USD|GBP)?$/iu;
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T,\s].*)?$/;

/** Reads texts, each of which begins at the start of a line, twice: first to know how many fields records have. */
export function readSample(texts: readonly string[], format: TextFormat): SampleReading {
  const anyWidth = recordsOf(texts, { ...withWidths(format, undefined) });
  const widths = usualWidths(anyWidth.flat());
  const known = withWidths(format, widths);
  const pieces = recordsOf(texts, known);
  const records = pieces.flat();
  const [width = 0] = widths;
  const regular = records.filter(({ fields, problem }) => problem === undefined && fields.length === width).length;
  const problems = records.filter(({ problem }) => problem !== undefined).length;
  return {
    format: known,
    first: pieces[0] ?? [],
    records: records.length,
    regular,
    problems,
    width,
    typed: typedShare(records.slice(0, LOOKED_AT)),
  };
}

/** The records of each text. */
export function recordsOf(texts: readonly string[], format: TextFormat): TableRecord[][] {
  return texts.map((text, at) => {
    const split = recordSplitter(at === 0 ? format : withoutSeparatorLine(format));
    return split(text, true);
  });
}

function withWidths(
  { encoding, separator, quoting, lineEnd, separatorLine }: TextFormat,
  widths: readonly number[] | undefined,
): TextFormat {
  const format = { encoding, separator, quoting, lineEnd, separatorLine };
  return widths === undefined ? format : { ...format, widths };
}

function withoutSeparatorLine({ encoding, separator, quoting, lineEnd, widths }: TextFormat): TextFormat {
  return withWidths({ encoding, separator, quoting, lineEnd, separatorLine: false }, widths);
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
