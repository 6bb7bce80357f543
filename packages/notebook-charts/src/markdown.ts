import { detailsOfLastError, formatNumber } from "@keyspaces-segmentation/common";
import { show } from "./display.js";
import { escapeHtml } from "./html.js";

/** What a sentence may hold: numbers and days are worded for the reader, text is taken literally. */
export type Said = string | number | Date;

/**
 * A sentence with its values as a reader reads them: `` text`${541909} rows` `` is "541,909 rows", a date its day, and text stays on the
 * line it is on.
 */
export function text(parts: TemplateStringsArray, ...values: Said[]): string {
  return parts.map((part, i) => (i < values.length ? `${part}${worded(values[i]!)}` : part)).join("");
}

/**
 * Shows a result in a sentence or two: `` markdown`**${count} customers** are in \`${keyspace}\`.` ``
 *
 * What is written between the values is its author's, in as much of Markdown as this needs: `**bold**` and `` `code` ``. The values are
 * data, worded as by {@link text}; whatever markup is in them shows as it is, except that a parameter which a remark names is code.
 */
export function markdown(parts: TemplateStringsArray, ...values: Said[]): void {
  const words = values.map(worded);
  const open: string[] = [];
  /** The text of a part, and its marks as tags. Between two backticks, stars are stars. */
  const tagged = (piece: string): string => {
    const tag = piece === "`" ? "code" : piece === "**" && open.at(-1) !== "code" ? "strong" : undefined;
    if (tag === undefined) return escapeHtml(piece);
    if (open.at(-1) === tag) return `</${open.pop()}>`;
    open.push(tag);
    return `<${tag}>`;
  };
  const html = parts
    .flatMap((part, i) => [...part.split(/(\*\*|`)/).map(tagged), htmlOf(words[i] ?? "")])
    .concat(open.map((tag) => `</${tag}>`).reverse())
    .join("");
  const plain = parts.flatMap((part, i) => [part.replace(/\*\*|`/g, ""), words[i] ?? ""]).join("");
  show({ "text/plain": plain.replace(/\s+/g, " ").trim(), "text/html": `<p>${html}</p>` });
}

/** A value literally, with the name in "the parameter `nobody`" as code. */
const htmlOf = (value: string): string =>
  escapeHtml(value).replace(/(?<=\bthe parameter )`([a-z][A-Za-z]*)`/g, "<code>$1</code>");

function worded(value: Said): string {
  if (typeof value === "string") return value.replace(/\s+/g, " ");
  if (typeof value === "number") {
    const rounded = Number(value.toFixed(2));
    return formatNumber(value, [0, 1].find((digits) => Number(rounded.toFixed(digits)) === rounded) ?? 2);
  }
  return Number.isNaN(value.getTime()) ? "–" : value.toISOString().slice(0, 16).replace("T00:00", "").replace("T", " ");
}

/** Tells of a failure that does not end the cell: what it was, and what to do about it. */
export function warn({ message, hint }: { message: string; hint?: string | undefined }): void {
  show({ "text/plain": hint === undefined ? message : `${message}\n${hint}` });
}

/** Shows all that is known of the last failure, for whom its line or two do not suffice: the stack, and what caused it. */
export function explainLastError(): void {
  show({ "text/plain": detailsOfLastError() ?? "No cell has failed." });
}
