import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import {
  looksLikeDate,
  looksLikeNumber,
  noCounts,
  readSheet,
  sampleSheet,
  sheetsOf,
  type TableRecord,
} from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import type { GivenColumns } from "../columns/given_columns.js";
import { findHeader } from "../columns/header.js";
import type { ReadingRow } from "../reading_row.js";
import type { RecordSource } from "./record_source.js";
import { type SectionRecord, saysReturns } from "./sections.js";

/** A sheet that is read, and where its records begin. */
interface ChosenSheet {
  readonly name: string;
  /** Row of its header. */
  readonly headerLine: number;
  readonly sample: readonly TableRecord[];
  readonly whole: boolean;
  /** Where in its rows the columns of the first sheet stand; null where they stand alike. */
  readonly order: readonly number[] | null;
}

/** The columns that all sheets are to have. */
type Columns = Pick<ReturnType<typeof findHeader>, "header" | "positions">;

/** Where the columns of the first sheet stand in a header that has them in another order; null where one that is used is not there. */
function orderIn(other: readonly string[], { header, positions }: Columns): number[] | null {
  const names = other.map(simplified);
  const order = header.map((name) => names.indexOf(simplified(name)));
  return Object.values(positions).every((at) => order[at]! >= 0) ? order : null;
}

/** Whether the rows of a sheet without a header go on where those of the first end, as of an export that a sheet was too short for. */
function goesOn(rows: readonly TableRecord[], { header, positions }: Columns): boolean {
  const { invoiceDate, price, amount } = positions;
  const [first] = rows;
  return (
    first !== undefined &&
    first.fields.length <= header.length &&
    looksLikeDate(first.fields[invoiceDate!] ?? "") &&
    looksLikeNumber(first.fields[(price ?? amount)!] ?? "")
  );
}

const inOrder = (row: TableRecord, order: readonly number[] | null): TableRecord =>
  order === null ? row : { ...row, fields: order.map((at) => row.fields[at] ?? "") };

/** What a reader has settled about a workbook by parameters. */
interface GivenSheets {
  readonly sheet: string | null;
  readonly columns: GivenColumns;
}

/**
 * Opens a workbook: all visible sheets with the columns of the first that has them, in its order or another, or those that the
 * parameter `sheet` names. Lines of a sheet that is called returns, or credit notes, are returns. Rows of
 * later sheets are counted on from the last row of the one before.
 *
 * @throws StepError where no sheet has the columns, or there is no such sheet
 */
export async function openWorkbook(path: string, given: GivenSheets, signal?: AbortSignal): Promise<RecordSource> {
  try {
    return await openSheets(path, given, { withNumbers: true }, signal);
  } catch (error) {
    // A list of customers has as many columns as one of purchases without numbers: it is no table beside one of invoices.
    if (!(error instanceof StepError)) throw error;
    return openSheets(path, given, { withNumbers: false }, signal);
  }
}

async function openSheets(
  path: string,
  { sheet, columns }: GivenSheets,
  { withNumbers }: { withNumbers: boolean },
  signal?: AbortSignal,
): Promise<RecordSource> {
  const sheets = await sheetsOf(path);
  const wanted =
    sheet === null
      ? null
      : namedSheets(
          sheet,
          sheets.map(({ name }) => name),
        );
  const chosen: ChosenSheet[] = [];
  const left: string[] = [];
  /** Of the sheet with most rows: that of a title says nothing. */
  let refusal: { readonly error: unknown; readonly sheet: string; readonly rows: number } | undefined;
  let first: Columns | undefined;
  const notes: string[] = [];
  let formulas = 0;
  const currencies = new Map<number, Set<string>>();
  for (const { name, isHidden } of sheets) {
    if (wanted !== null ? !wanted.includes(name) : isHidden) {
      left.push(name);
      continue;
    }
    const { records: sample, whole, notes: ofSheet } = await sampleSheet(path, name, { signal });
    try {
      if (sample.length === 0) throw new StepError({ tried: `read the sheet ${name}`, got: "it is empty" });
      const isContinued = first !== undefined && goesOn(sample, first);
      const found = isContinued ? { ...first!, headerLine: 0 } : findHeader(sample, columns, { withNumbers });
      const isAlike = first === undefined || found.header.join("\0") === first.header.join("\0");
      const order = isAlike ? null : orderIn(found.header, first!);
      const hasColumns = isAlike || order !== null;
      if (!hasColumns && wanted === null) {
        left.push(name);
        continue;
      }
      if (!hasColumns) {
        throw new StepError({
          tried: `read the sheets ${wanted!.join(", ")} as one table`,
          got: `${name} has other columns than ${chosen[0]!.name}`,
          hint: "Name one of them in the parameter `sheet`.",
        });
      }
      first ??= found;
      if (isContinued) notes.push(`${name} has no header and goes on`);
      if (order !== null) notes.push(`${name} has its columns in another order`);
      if (saysReturns(name)) notes.push(`what is above zero in ${name} is turned, as returns`);
      formulas += ofSheet.formulasWithoutValue;
      for (const [column, signs] of order === null ? ofSheet.currencies : []) {
        currencies.set(column, new Set([...(currencies.get(column) ?? []), ...signs]));
      }
      chosen.push({ name, headerLine: found.headerLine, sample, whole, order });
    } catch (error) {
      if (wanted !== null) throw error;
      if (sample.length > (refusal?.rows ?? -1)) refusal = { error, sheet: name, rows: sample.length };
      left.push(name);
    }
  }
  if (chosen.length === 0) {
    throw new StepError({
      tried: "find a sheet with invoice lines in the workbook",
      got: `none of its sheets has the columns: ${sheets.map(({ name }) => name).join(", ")}`,
      hint:
        refusal?.error instanceof StepError
          ? hintOf(refusal.sheet, refusal.error)
          : "Name one in the parameter `sheet`.",
      cause: refusal?.error,
    });
  }
  const names = chosen.map(({ name }) => name).join(", ");
  const because = [left.length === 0 ? "all that it has" : `left out: ${left.join(", ")}`, ...notes].join("; ");
  const rows: ReadingRow[] = [
    { what: "file", readAs: "Excel workbook", because: "its content, whatever its name", confidence: "certain" },
    {
      what: chosen.length === 1 ? "sheet" : "sheets",
      readAs: names,
      because,
      confidence: wanted === null ? "certain" : "given",
    },
  ];
  if (formulas > 0) {
    const because = `${formatPlural(formulas, "cell")} of the sample ${formulas === 1 ? "has a formula" : "have formulas"} whose value the file does not hold`;
    rows.push({ what: "formulas", readAs: "read as empty", because, confidence: "certain" });
  }
  // Of later sheets, without what stands above their records.
  const pieces = chosen.map(({ sample, headerLine, order }, i) =>
    i === 0 ? sample : sample.filter(({ lineNumber }) => lineNumber > headerLine).map((row) => inOrder(row, order)),
  );
  return {
    rows,
    sample: { pieces, whole: chosen.every(({ whole }) => whole), isSheet: true, currencies },
    records: (count) => rowsOf(path, chosen, count),
    counts: noCounts,
  };
}

const hintOf = (sheet: string, { message, hint = "" }: StepError): string => `${sheet}: ${message} ${hint}`.trimEnd();

async function* rowsOf(
  path: string,
  chosen: readonly ChosenSheet[],
  count: (bytes: number) => void,
): AsyncGenerator<readonly SectionRecord[]> {
  let before = 0;
  for (const [i, { name, headerLine, order }] of chosen.entries()) {
    const isReturn = chosen.length > 1 && saysReturns(name);
    let last = before;
    for await (const rows of readSheet(path, name, { onBytes: count, rowsBefore: before })) {
      last = rows.at(-1)?.lineNumber ?? last;
      const first = before + headerLine;
      const own = i === 0 ? rows : rows.filter(({ lineNumber }) => lineNumber > first);
      const ordered = order === null ? own : own.map((row) => inOrder(row, order));
      yield isReturn ? ordered.map((row) => ({ ...row, isReturn })) : ordered;
    }
    before = last;
  }
}

/** Sheets by name, in any case, or by number from 1, with commas between them. */
function namedSheets(wanted: string, names: readonly string[]): string[] {
  const find = (word: string): string | undefined =>
    names.find((name) => name === word) ??
    names.find((name) => name.trim().toLowerCase() === word.trim().toLowerCase()) ??
    (/^\d+$/.test(word.trim()) ? names[Number(word) - 1] : undefined);
  const whole = find(wanted);
  const found =
    whole === undefined
      ? wanted.split(",").map((word) => ({ word, name: find(word) }))
      : [{ word: wanted, name: whole }];
  const missing = found.find(({ name }) => name === undefined);
  if (missing !== undefined) {
    throw new StepError({
      tried: `find the sheet ${JSON.stringify(missing.word)} in the workbook`,
      got: `it has ${formatPlural(names.length, "sheet")}: ${names.map((name, i) => `${formatNumber(i + 1)} ${name}`).join(", ")}`,
      hint: "Set the parameter `sheet` to one of these names or numbers.",
    });
  }
  return found.map(({ name }) => name!);
}
