import { formatNumber, type Money, moneyOf, printable } from "@keyspaces-segmentation/common";
import { show } from "./display.js";
import { escapeHref, escapeHtml } from "./html.js";

/** A column of a table: which property of the rows, under which heading. */
interface Column<Row> {
  key: keyof Row & string;
  title: string;
  /** Shown after the heading: "days", "£". */
  unit?: string;
  /** Decimals of a number; none where all numbers are whole, else two, or where that makes different ones alike, more. */
  digits?: number;
  /** How many decimals that makes at most; 6 unless given. */
  mostDigits?: number;
  /** Numbers stand at the right, all else at the left, unless this says otherwise. */
  align?: "left" | "right";
}

/** What a table shows of its rows. */
export interface TableOptions<Row> {
  caption?: string;
  /** All properties of the first row, under their own names, unless given. */
  columns?: readonly Column<Row>[];
  /** Rows shown; 20 unless given. */
  limit?: number;
  /** How many rows there are, where `rows` is already a part of them. */
  total?: number;
  /** In which currency amounts are, for the headings of columns; not known unless given. */
  money?: Money;
  /** Where the rest is. */
  link?: { text: string; href: string };
}

interface Cells {
  headings: string[];
  right: boolean[];
  lines: string[][];
  /** "10 of 5,878 rows", where not all are shown. */
  remark: string;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function cellText(value: unknown, digits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (isNumeric(value)) return formatNumber(value, digits);
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T", " ");
  return String(value);
}

/** Decimals at most, and digits in all of a number that has more than two decimals: no measure here is known better. */
const MOST_DIGITS = 6;

/** No decimals where all numbers are whole; else two, and as many more as it takes to tell numbers apart. */
function digitsOf(numbers: readonly (number | bigint)[], atMost: number): number {
  const broken = numbers.filter((value) => !Number.isInteger(Number(value)) && !Number.isNaN(value));
  if (broken.length === 0) return 0;
  const different = new Set(broken).size;
  const largest = Math.max(...broken.map((value) => Math.abs(Number(value))));
  let digits = Math.min(2, atMost);
  const most = Math.min(atMost, Math.max(digits, MOST_DIGITS - Math.floor(Math.log10(Math.max(largest, 1)))));
  while (digits < most && new Set(broken.map((value) => formatNumber(value, digits))).size < different) digits++;
  return digits;
}

/** `revenueShare` is headed "revenue share", `monetary` "monetary (£)". */
function columnsOf<Row extends object>([first]: readonly Row[], money: Money): Column<Row>[] {
  return (Object.keys(first ?? {}) as (keyof Row & string)[]).map((key) => {
    const title = key.replace(/_/g, " ").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return { key, title, ...unitOf(key, money) };
  });
}

/** Exact amounts come as text ("-37367.23", "0"): a column of them is one of numbers. Whole numbers alone may be ids, unless it is called an amount. */
function withAmounts<Row extends object>(rows: readonly Row[], keys: readonly (keyof Row & string)[]): readonly Row[] {
  const amounts = keys.filter((key) => {
    const values = rows.map((row) => row[key]);
    const areDecimal = values.every((value) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
    return areDecimal && (AMOUNT.test(key) || values.some((value) => String(value).includes(".")));
  });
  if (amounts.length === 0) return rows;
  return rows.map((row) => ({ ...row, ...Object.fromEntries(amounts.map((key) => [key, Number(row[key])])) }));
}

function cellsOf<Row extends object>(rows: readonly Row[], options: TableOptions<Row>): Cells {
  const { money = moneyOf(null), columns = columnsOf(rows, money), limit = 20, total = rows.length } = options;
  const shown = withAmounts(
    rows.slice(0, limit),
    columns.map(({ key }) => key),
  );
  const digits = columns.map(
    ({ key, digits, mostDigits = MOST_DIGITS }) =>
      digits ?? digitsOf(shown.map((row): unknown => row[key]).filter(isNumeric), mostDigits),
  );
  return {
    headings: columns.map(({ title, unit }) => (unit ? `${title} (${unit})` : title)),
    right: columns.map(({ key, align }) =>
      align ? align === "right" : shown.length > 0 && shown.every((row) => isNumeric(row[key]) || row[key] === null),
    ),
    lines: shown.map((row) => columns.map(({ key }, index) => cellText(row[key], digits[index] as number))),
    remark: shown.length < total ? `${cellText(shown.length, 0)} of ${cellText(total, 0)} rows` : "",
  };
}

/** A table as HTML without colours of its own, so that it reads in light and dark themes. */
export function tableHtml<Row extends object>(rows: readonly Row[], options: TableOptions<Row>): string {
  const { headings, right, lines, remark } = cellsOf(rows, options);
  const { caption, link } = options;
  const line = "border:0;border-bottom:1px solid rgba(128,128,128,.35);padding:.25em .8em;background:none";
  const style = (index: number) =>
    ` style="${line};text-align:${right[index] ? "right;font-variant-numeric:tabular-nums" : "left"}"`;
  const row = (tag: "th" | "td", cells: string[]) =>
    `<tr style="background:none">${cells.map((text, index) => `<${tag}${style(index)}>${escapeHtml(text)}</${tag}>`).join("")}</tr>`;
  const below = [escapeHtml(remark), link ? linkHtml(link) : ""];
  const foot = below.filter(Boolean).join(" · ");
  return [
    '<table style="border-collapse:collapse;margin:.5em 0;color:inherit">',
    caption
      ? `<caption style="text-align:left;color:inherit;font-weight:600;white-space:nowrap">${escapeHtml(caption)}</caption>`
      : "",
    `<thead>${row("th", headings)}</thead>`,
    `<tbody>${lines.map((cells) => row("td", cells)).join("\n")}</tbody>`,
    "</table>",
    foot ? `<div style="font-size:85%;opacity:.75">${foot}</div>` : "",
  ]
    .filter(Boolean)
    .join("\n");
}

function linkHtml({ text, href }: { text: string; href: string }): string {
  const address = escapeHref(href);
  return address === undefined ? escapeHtml(text) : `<a href="${address}">${escapeHtml(text)}</a>`;
}

/** The same table in characters of one width. */
export function tableText<Row extends object>(rows: readonly Row[], options: TableOptions<Row>): string {
  const { headings, right, lines, remark } = cellsOf(rows, options);
  const { caption, link } = options;
  const oneLine = [headings, ...lines].map((cells) => cells.map((text) => printable(text.replace(/\s+/g, " "))));
  const widths = headings.map((_, index) => Math.max(...oneLine.map((cells) => (cells[index] as string).length)));
  const [head, ...body] = oneLine.map((cells) =>
    cells
      .map((text, index) =>
        right[index] ? text.padStart(widths[index] as number) : text.padEnd(widths[index] as number),
      )
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const foot = [remark, link ? `${link.text}: ${link.href}` : ""].filter(Boolean).join(" · ");
  return [caption ?? "", head, rule, ...body, foot].filter(Boolean).join("\n");
}

/**
 * Shows rows as a table: `showTable(clusters, { columns: [{ key: "name", title: "Cluster" }] })`.
 * At most `limit` of them (20), saying of how many.
 */
export function showTable<Row extends object>(rows: readonly Row[], options: TableOptions<Row>): void {
  show({ "text/plain": tableText(rows, options), "text/html": tableHtml(rows, options) });
}

const AMOUNT =
  /^(monetary(Mean|Median|From|To|_mean)?|total|(net|sales|published)Monetary|revenue|price|amount(In[A-Z]\w*)?)$/;
const UNITS: readonly [pattern: RegExp, unit: string][] = [
  [/^recency(Mean|Median|From|To)$/, "days"],
  [/^frequency(Mean|Median|From|To|_mean)?$/, "invoices"],
];

/** What a column counts in, and how many decimals its numbers have at most. */
export interface Unit {
  /** "£", "days"; "" for amounts of which the currency is not known. */
  readonly unit: string;
  readonly mostDigits: number;
}

/** The unit of a property that tables show, by its name; undefined for counts, shares and what says it itself, as `recencyDays` does. */
export function unitOf(key: string, money: Money): Unit | undefined {
  if (AMOUNT.test(key)) return { unit: money.sign, mostDigits: money.digits };
  const unit = UNITS.find(([pattern]) => pattern.test(key))?.[1];
  return unit === undefined ? undefined : { unit, mostDigits: 2 };
}
