import { formatNumber, StepError } from "@keyspaces-segmentation/common";
import type { Choice, Decision, OpenQuestion } from "../decision.js";
import type { SampleText } from "../text/sample_texts.js";
import { type FixedColumn, SEPARATORS, separatorName, separatorNamed, type TextFormat } from "../text/text_format.js";
import { type FixedColumns, fixedColumns, isProse, ruledColumns } from "./fixed_columns.js";
import { decideQuoting, type QuotedReading } from "./quoting.js";
import type { SampleReading } from "./sample_reading.js";
import { SEPARATOR_LINE } from "./split_records.js";

/** Of each piece, the characters that the separators are tried on. */
const TRIED = 1 << 18;
/** How much better the best reading must be than the second, not to ask. */
const CLEARLY = 1.25;

/** The separator that the first line names for Excel (`sep=;`), if that is what it does. */
export function separatorOfFirstLine(text: string): string | undefined {
  const [line = ""] = text.split("\n", 1);
  const named = SEPARATOR_LINE.exec(line)?.[1];
  return named === "\\t" ? "\t" : named;
}

/** A separator or, where there is none, columns of a fixed width. */
export type SeparatorDecision = Decision<string> & {
  readonly columns?: readonly FixedColumn[];
  /** How fields are quoted with it, where all of the texts has been tried. */
  readonly quoted?: QuotedReading | undefined;
};

/**
 * Which separator a text has: given, or named on its first line, or the one by which most of its records have the same number of
 * fields, several of them numbers and dates. Characters are not counted, as descriptions hold many commas.
 *
 * @param texts each begins at the start of a line
 * @param format all but the separator and the quoting
 * @param given what the parameter `separator` says
 * @throws ArgumentError for a given one that is none; StepError for columns of a fixed width
 */
export function decideSeparator(
  texts: readonly SampleText[],
  format: TextFormat,
  given?: string,
): SeparatorDecision | OpenQuestion {
  if (given !== undefined) {
    return { value: separatorNamed(given), evidence: "the parameter separator says so", confidence: "given" };
  }
  const tried = texts.map(beginning);
  const quotedBy = new Map<string, QuotedReading>();
  const read = (separator: string): SampleReading => {
    const quoted = decideQuoting(tried, withSeparator(format, separator));
    quotedBy.set(separator, quoted);
    return quoted.reading;
  };
  const isAllTried = tried.every((text, at) => text === texts[at]);
  const named = format.separatorLine ? separatorOfFirstLine(texts[0]?.text ?? "") : undefined;
  if (named !== undefined && read(named).columns > 1) {
    return { value: named, evidence: "the first line of the file names it (sep=)", confidence: "certain" };
  }
  const [first = ""] = tried.map(({ text }) => text);
  const ruled = ruledColumns(first.split("\n", FIRST_LINES).map((line) => line.replace(/\r+$/, "")));
  if (ruled !== undefined) return ofFixedWidth(ruled);
  const candidates = [...SEPARATORS.keys(), ...(OF_R.test(first) ? [" "] : [])];
  const readings = candidates
    .filter((separator) => tried.some(({ text }) => text.includes(separator)))
    .map(read)
    .filter(({ columns }) => columns > 1)
    .sort((one, other) => scoreOf(other) - scoreOf(one));
  const [best, second] = readings;
  if (best === undefined) return withoutSeparator(tried, read);
  const { separator } = best.format;
  const evidence = evidenceOf(best);
  const quoted = isAllTried ? quotedBy.get(separator) : undefined;
  if (second === undefined) return { value: separator, evidence, confidence: "certain", quoted };
  if (scoreOf(best) >= CLEARLY * scoreOf(second)) {
    return { value: separator, evidence: `${evidence}; ${evidenceOf(second)}`, confidence: "likely", quoted };
  }
  return {
    parameter: "separator",
    got: `${evidenceOf(best)}; ${evidenceOf(second)}`,
    choices: [best, second].map(choiceOf),
  };
}

/** Higher is better: regular records, the header among them, of many columns, which hold numbers and dates and no half of a pair of quotes. */
function scoreOf({ records, regular, columns, isHeaded, typed }: SampleReading): number {
  return (regular / records) * (isHeaded ? 1 : 0.75) * Math.max(0.01, 0.2 + typed) * (1 - 1 / columns);
}

function evidenceOf({ format, regular, records, width }: SampleReading): string {
  return `by ${separatorName(format.separator)}, ${formatNumber(regular)} of ${formatNumber(records)} records have ${width} fields`;
}

function choiceOf({ format, first }: SampleReading): Choice {
  const reads = first
    .slice(0, 3)
    .map(({ fields, text }) => shortened((fields.length > 0 ? fields : [text]).join(" ‖ ")));
  return { value: SEPARATORS.get(format.separator) ?? format.separator, reads };
}

/** Separators that are offered only where none of the usual ones is there. */
const UNUSUAL = [":", "^", "~", "#", "§", "¦", "\u001f"];

function isLikely({ columns, regular, records }: SampleReading): boolean {
  return columns > 1 && regular >= records * 0.9;
}

/** A second line that begins with the name of a row in quotes and a blank, as R writes tables. */
const OF_R = /^[^\n]*\n"[^"\n]*" (?:"|-?\d|NA)/;
/** As many lines are looked at for one of dashes, and whether others stand in its columns. */
const FIRST_LINES = 200;

const ofFixedWidth = ({ columns, evidence }: FixedColumns): SeparatorDecision => ({
  value: " ",
  evidence,
  confidence: "likely",
  columns,
});

/**
 * How the lines of a table are split that no usual separator splits: by the places of their columns, or by single blanks where fields with
 * blanks are in quotes, as R writes tables.
 *
 * @throws StepError for columns that are padded with blanks and stand nowhere
 */
function withoutSeparator(
  texts: readonly SampleText[],
  read: (separator: string) => SampleReading,
): SeparatorDecision | OpenQuestion {
  const others = UNUSUAL.map(read)
    .filter(isLikely)
    .sort((one, other) => scoreOf(other) - scoreOf(one));
  // Times have colons, and ids may have a sign in front.
  const isApart = others.some(({ format, columns }) => format.separator !== ":" && columns >= FEWEST_COLUMNS);
  const fixed = isApart ? undefined : fixedColumns(texts[0]?.text ?? "");
  if (fixed !== undefined) return ofFixedWidth(fixed);
  const blanks = read(" ");
  if (!isApart && blanks.regular >= BLANKS_REGULAR * blanks.records && isTable(blanks)) {
    return { value: " ", evidence: evidenceOf(blanks), confidence: "likely" };
  }
  if (hasFixedWidths(texts)) {
    throw new StepError({
      tried: "split the lines of the file into fields",
      got: "its columns are padded with blanks, and stand at other places from line to line",
      hint: "Export it as CSV, or open it in a spreadsheet with the widths of its columns and save it as CSV.",
    });
  }
  const got = "no comma, semicolon, tab or pipe splits its lines into columns";
  return { parameter: "separator", got, choices: others.map(choiceOf) };
}

/** Of a table of invoice lines. */
const FEWEST_COLUMNS = 4;
/** Prose has a number of words of its own in each line; R's header has one field less than the lines. */
const BLANKS_REGULAR = 0.98;

/** Whether single blanks stand between fields: those of prose stand between words, and one in each date leaves the header a field short. */
function isTable({ columns, typed, isHeaded, first }: SampleReading): boolean {
  if (columns <= 2 || typed <= 0 || isProse(first.map(({ fields }) => fields))) return false;
  // As many R leaves out, above the names of its rows.
  return isHeaded || new Set(first.map(({ fields }) => fields[0])).size === first.length;
}

/** Whether nearly all lines have wide gaps between their words. */
function hasFixedWidths([first]: readonly SampleText[]): boolean {
  const lines = (first?.text ?? "").split("\n", 200).filter((line) => line.trim() !== "");
  const padded = lines.filter((line) => (line.trim().match(/\S {2,}(?=\S)/g)?.length ?? 0) >= FEWEST_GAPS);
  return padded.length > 1 && padded.length >= 0.9 * lines.length;
}

/** Of a table with as many columns as an invoice line needs, and not all of them full. */
const FEWEST_GAPS = 3;

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** Of a long text, the lines that are whole within the first characters. */
function beginning(whole: SampleText): SampleText {
  const { text } = whole;
  if (text.length <= TRIED) return whole;
  const end = text.lastIndexOf("\n", TRIED) + 1;
  return { text: text.slice(0, end > 0 ? end : TRIED), atEnd: false };
}

function withSeparator({ encoding, quoting, lineEnd, separatorLine }: TextFormat, separator: string): TextFormat {
  return { encoding, separator, quoting, lineEnd, separatorLine };
}
