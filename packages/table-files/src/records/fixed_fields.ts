import type { RecordSplitter } from "../record.js";
import type { FixedColumn, TextCounts } from "../text/text_format.js";

/** What may stand in front of a number, a blank between them. */
export const SIGN: RegExp = /^[^\p{L}\p{N}]+$/u;
export const THOUSANDS: RegExp = /^[^\p{L}\p{N}]*\d{1,3}(?: \d{3})*$/u;
export const HUNDREDS: RegExp = /^\d{3}(?!\d)/;
/** A line that holds no fields. */
export const BLANK_OR_RULE: RegExp = /^[-=\s]*$/;

export const isBlank = (line: string, at: number): boolean => at >= line.length || line[at] === " ";

export function isBlankBetween(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isBlank(line, at)) return false;
  return true;
}

export const split = (line: string, columns: readonly FixedColumn[]): string[] =>
  columns.map(({ start }, at) => line.slice(at === 0 ? 0 : start, columns[at + 1]?.start ?? line.length).trim());

/** The fields of a line; undefined where it does not stand in the columns. */
export function fieldsOf(line: string, columns: readonly FixedColumn[]): string[] | undefined {
  const fields: string[] = [];
  let from = 0;
  for (const [at, { end }] of columns.entries()) {
    const next = numberBefore(line, { end, next: columns[at + 1] });
    if (next === undefined) return undefined;
    const to = isBlankBetween(line, end, Math.min(next, line.length)) ? next : borderIn(line, { from, end, next });
    if (to === undefined) return undefined;
    fields.push(line.slice(from, to).trim());
    from = to;
  }
  return fields;
}

/**
 * Where a column begins in a line: in front of its place where a number that is longer than the others begins there, and ends where they do.
 * Undefined for what else runs into it, as where a long text has moved what follows.
 */
function numberBefore(line: string, { end, next }: { end: number; next: FixedColumn | undefined }): number | undefined {
  if (next === undefined) return Number.POSITIVE_INFINITY;
  if (isBlank(line, next.start - 1)) return next.start;
  const start = line.lastIndexOf(" ", next.start - 1) + 1;
  const text = line.slice(start).split(" ", 1)[0]!;
  return start >= end && !/\p{L}/u.test(text) && start + text.length <= next.end ? start : undefined;
}

/**
 * Where a field ends and the next one begins in a line that has a text between their columns: at the widest gap, so that a long text and a
 * long number keep what is theirs, and behind words in any case. Undefined where a number may lose its sign or its thousands there.
 */
function borderIn(line: string, { from, end, next }: { from: number; end: number; next: number }): number | undefined {
  if (next >= line.length) return next;
  const between = [...line.slice(end, next).matchAll(/\S+/g)];
  const word = between.findLast(({ 0: text }) => /\p{L}/u.test(text));
  const behind = word === undefined ? end : end + word.index + word[0].length;
  let widest = { at: from, length: 0 };
  for (const { index, 0: gap } of line.slice(from).matchAll(/ +/g)) {
    const at = from + index;
    if (at >= next) break;
    if (at + gap.length >= behind && gap.length >= widest.length) widest = { at, length: gap.length };
  }
  const border = Math.min(widest.at + widest.length, next);
  const left = line.slice(from, border).trimEnd();
  const last = left.slice(left.lastIndexOf(" ") + 1);
  const right = line.slice(border).trimStart();
  const isCut =
    from + left.length > end &&
    (SIGN.test(last) || (widest.length === 1 && THOUSANDS.test(last) && HUNDREDS.test(right)));
  return isCut ? undefined : border;
}

/** Splits text, which ends at line ends, into records by the places of their columns. A line of dashes and a blank one are none. */
export function fixedSplitter(columns: readonly FixedColumn[], counts: TextCounts): RecordSplitter {
  let lineNumber = 0;
  return (piece) => {
    const lines = piece.split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.flatMap((line) => {
      lineNumber++;
      const text = line.replace(/\r+$/, "");
      if (BLANK_OR_RULE.test(text)) {
        if (text !== "") counts.blankRows++;
        return [];
      }
      const fields = fieldsOf(text, columns);
      if (fields === undefined) {
        return [{ lineNumber, text, fields: [], problem: "it does not stand in the columns of the others" }];
      }
      return [{ lineNumber, text, fields }];
    });
  };
}
