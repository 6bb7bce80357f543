import { formatNumber, formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision } from "../decision.js";
import type { SampleText } from "../text/sample_texts.js";
import type { Quoting, TextFormat } from "../text/text_format.js";
import { readSample, type SampleReading } from "./sample_reading.js";

/** How fields are quoted, and the sample as it is read so. */
export interface QuotedReading {
  readonly quoting: Decision<Quoting>;
  readonly reading: SampleReading;
}

/**
 * How a text quotes fields, given its separator: doubled quotes, unless another way splits more of its records.
 *
 * @param texts each begins at the start of a line
 */
export function decideQuoting(texts: readonly SampleText[], format: TextFormat): QuotedReading {
  const doubled = readSample(texts, withQuoting(format, "doubled"));
  const found = (value: Quoting, evidence: string, confidence: "certain" | "likely", reading: SampleReading) => ({
    quoting: { value, evidence, confidence },
    reading,
  });
  const single = inSingleQuotes(texts[0]?.text ?? "", format.separator);
  if (single !== undefined) {
    return found("single", single, "certain", readSample(texts, withQuoting(format, "single")));
  }
  if (!texts.some(({ text }) => text.includes('"') || text.includes("\\"))) {
    return found("doubled", "no quotes", "certain", doubled);
  }
  let best = doubled;
  const { separator } = format;
  const backslashes = ({ text }: SampleText): boolean => text.includes('\\"') || text.includes(`\\${separator}`);
  const wholeLines = /^"[^\n]*"[ ,;\t|]*\r*$/m;
  const others: [Quoting, boolean][] = [
    ["whole_lines", texts.some(({ text }) => wholeLines.test(text))],
    ["backslash", texts.some(backslashes)],
    ["none", doubled.problems * 100 > doubled.records && doubled.problems > quotedFields(texts, separator)],
  ];
  for (const [quoting, isPossible] of others) {
    if (!isPossible) continue;
    const reading = readSample(texts, withQuoting(format, quoting));
    if (isBetter(reading, best)) best = reading;
  }
  const { quoting } = best.format;
  const gained = `split ${formatNumber(splitBy(best))} records into ${best.width} fields, doubled quotes ${formatNumber(splitBy(doubled))}`;
  if (quoting !== "doubled") return found(quoting, `${WAYS[quoting]} ${gained}`, "likely", best);
  const evidence =
    doubled.problems === 0
      ? "every quoted field ends with a quote"
      : `${formatNumber(doubled.problems)} of ${formatPlural(doubled.records, "record")} ${pluralForm(doubled.problems, "does", "do")} not fit`;
  return found("doubled", evidence, doubled.problems === 0 ? "certain" : "likely", doubled);
}

const WAYS: Readonly<Record<Quoting, string>> = {
  doubled: "doubled quotes",
  backslash: "backslashes before quotes",
  whole_lines: "whole lines in quotes",
  single: "single quotes",
  none: "quotes as text",
};

function isBetter(reading: SampleReading, than: SampleReading): boolean {
  return splitBy(reading) > splitBy(than);
}

/** Regular records; those with something in one column only are not split at all. */
function splitBy({ columns, regular }: SampleReading): number {
  return columns > 1 ? regular : 0;
}

/** Fields in quotes as they should be, from one separator or line end to another. */
function quotedFields(texts: readonly SampleText[], separator: string): number {
  const escaped = separator.replace(/[|^$.*+?()[\]{}\\]/g, "\\$&");
  const pattern = new RegExp(String.raw`(?<=^|${escaped})"[^"\n]*"(?=${escaped}|\r*$)`, "gm");
  let count = 0;
  for (const { text } of texts) count += text.match(pattern)?.length ?? 0;
  return count;
}

/** Lines of the first text that are looked at for single quotes. */
const LINES = 200;
/** Of a file that puts fields in single quotes, nearly all lines have some. */
const NEARLY_ALL = 0.9;

/** What speaks for fields in single quotes; undefined where apostrophes are text. */
function inSingleQuotes(text: string, separator: string): string | undefined {
  if (!text.includes("'") || quotedFields([{ text, atEnd: true }], separator) > 0) return undefined;
  const escaped = separator.replace(/[|^$.*+?()[\]{}\\]/g, "\\$&");
  const field = new RegExp(String.raw`(?:^|${escaped}) *'(?:[^'\\]|''|\\.)*' *(?=${escaped}|\r*$)`);
  // The header may have none.
  const [, ...lines] = text.split("\n", LINES).filter((line) => line.trim() !== "");
  const quoted = lines.filter((line) => line.includes("'") && field.test(line)).length;
  if (quoted < 2 || quoted < NEARLY_ALL * lines.length) return undefined;
  return `${formatNumber(quoted)} of ${formatPlural(lines.length, "line")} have a field in single quotes`;
}

function withQuoting({ encoding, separator, lineEnd, separatorLine }: TextFormat, quoting: Quoting): TextFormat {
  return { encoding, separator, quoting, lineEnd, separatorLine };
}
