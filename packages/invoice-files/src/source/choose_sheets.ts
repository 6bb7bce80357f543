import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import {
  looksLikeDate,
  looksLikeNumber,
  type SheetSample,
  sampleSheet,
  sheetsOf,
  type TableRecord,
} from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import type { GivenColumns } from "../columns/given_columns.js";
import { findHeader } from "../columns/header.js";

/** What a reader has settled about a workbook by parameters. */
export interface GivenSheets {
  readonly sheet: string | null;
  readonly columns: GivenColumns;
}

/** A sheet that is read, and where its records begin. */
export interface ChosenSheet {
  readonly name: string;
  /** Row of its header; 0 where it has none. */
  readonly headerLine: number;
  readonly sample: SheetSample;
  /** Whether it has no header and goes on where the first sheet ends. */
  readonly isContinued: boolean;
  /** Where in its rows the columns of the first sheet stand; null where they stand alike. */
  readonly order: readonly number[] | null;
}

/** The sheets of a workbook that are read, and the names of the others. */
export interface SheetChoice {
  readonly chosen: readonly ChosenSheet[];
  readonly left: readonly string[];
}

/** Why a sheet has no invoice lines. */
interface Refusal {
  readonly error: unknown;
  readonly sheet: string;
  readonly rows: number;
}

/**
 * Chooses the sheets that are read: those that a parameter names, else all visible ones with the columns of the first that has them.
 *
 * @param withNumbers whether they are to have a column of invoice numbers
 * @throws StepError where no sheet has the columns, or there is no such sheet
 */
export async function chooseSheets(
  path: string,
  { sheet, columns }: GivenSheets,
  { withNumbers, signal }: { withNumbers: boolean; signal: AbortSignal | undefined },
): Promise<SheetChoice> {
  const sheets = await sheetsOf(path);
  const names = sheets.map(({ name }) => name);
  const wanted = sheet === null ? null : namedSheets(sheet, names);
  const chosen: ChosenSheet[] = [];
  const left: string[] = [];
  let first: Columns | undefined;
  /** Of the sheet with most rows: that of a title says nothing. */
  let refusal: Refusal | undefined;
  for (const { name, isHidden } of sheets) {
    if (wanted !== null ? !wanted.includes(name) : isHidden) {
      left.push(name);
      continue;
    }
    const sample = await sampleSheet(path, name, { signal });
    const { records } = sample;
    try {
      if (records.length === 0) throw new StepError({ tried: `read the sheet ${name}`, got: "it is empty" });
      const isContinued = first !== undefined && goesOn(records, first);
      const found = isContinued ? { ...first!, headerLine: 0 } : findHeader(records, columns, { withNumbers });
      first ??= found;
      const order = orderOf(found.header, first);
      if (order === undefined && wanted !== null) throw otherColumns(wanted, name, chosen[0]!.name);
      if (order === undefined) left.push(name);
      else chosen.push({ name, headerLine: found.headerLine, sample, isContinued, order });
    } catch (error) {
      if (wanted !== null) throw error;
      if (records.length > (refusal?.rows ?? -1)) refusal = { error, sheet: name, rows: records.length };
      left.push(name);
    }
  }
  if (chosen.length === 0) throw noSheet(names, refusal);
  return { chosen, left };
}

/** The columns that all sheets are to have. */
type Columns = Pick<ReturnType<typeof findHeader>, "header" | "positions">;

/** Where the columns of the first sheet stand in a header: null where alike; undefined where one that is used is not there. */
function orderOf(other: readonly string[], { header, positions }: Columns): number[] | null | undefined {
  if (other.join("\0") === header.join("\0")) return null;
  const names = other.map(simplified);
  const order = header.map((name) => names.indexOf(simplified(name)));
  return Object.values(positions).every((at) => order[at]! >= 0) ? order : undefined;
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

function otherColumns(wanted: readonly string[], name: string, first: string): StepError {
  return new StepError({
    tried: `read the sheets ${wanted.join(", ")} as one table`,
    got: `${name} has other columns than ${first}`,
    hint: "Name one of them in the parameter `sheet`.",
  });
}

function noSheet(names: readonly string[], refusal: Refusal | undefined): StepError {
  const { error, sheet } = refusal ?? {};
  return new StepError({
    tried: "find a sheet with invoice lines in the workbook",
    got: `none of its sheets has the columns: ${names.join(", ")}`,
    hint:
      error instanceof StepError
        ? `${sheet}: ${error.message} ${error.hint ?? ""}`.trimEnd()
        : "Name one in the parameter `sheet`.",
    cause: error,
  });
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
