import type { TableRecord } from "../record.js";
import { type SheetNotes, SheetRows } from "./sheet_rows.js";
import { Workbook } from "./workbook.js";
import { damaged } from "./workbook_file.js";
import { XmlScanner } from "./xml_scanner.js";

/** A sheet of a workbook. */
export interface SheetInfo {
  readonly name: string;
  /** Its place among the sheets with cells; the first is 1. */
  readonly number: number;
  readonly isHidden: boolean;
  /** How many rows it says it has, titles and empty ones included; programs are not held to it, and not all say it. */
  readonly rows: number | undefined;
  /** How many bytes of the file its rows take, which is what `onBytes` of {@link readSheet} adds up to. */
  readonly bytes: number;
}

/** How a sheet is read. */
export interface SheetReading {
  signal?: AbortSignal | undefined;
  /** Told how many bytes of the file were read since it was told last. */
  onBytes?: ((count: number) => void) | undefined;
  /** How many fields a record has at least; where not given, as many as the widest row before it. */
  width?: number | undefined;
  /** What is added to the number of a row, where the rows of sheets before it count too. */
  rowsBefore?: number | undefined;
}

/** Rows that are handed on together. */
const BATCH = 1024;

/**
 * The sheets of a workbook that have cells, in their order; charts are none.
 *
 * @throws StepError where it is damaged, or has none
 */
export async function sheetsOf(path: string): Promise<SheetInfo[]> {
  return withWorkbook(path, async (workbook) => {
    const sheets: SheetInfo[] = [];
    for (const [i, { name, isHidden, part }] of workbook.sheets.entries()) {
      const rows = await lastRowOf(workbook, part);
      sheets.push({ name, number: i + 1, isHidden, rows, bytes: workbook.file.bytesOf(part) });
    }
    return sheets;
  });
}

/**
 * The rows of a sheet in which a cell has a value, in memory that does not grow with them. A record's fields are its cells as text:
 * numbers with all their digits and a decimal point, dates (numbers that the sheet shows as such) as `2023-01-18T09:27:00`, times without a date
 * as `09:27:00`, TRUE and FALSE, errors as `#N/A`, formulas as the value kept with them.
 *
 * @param sheet its name, in any case, or its number
 * @returns what was seen besides
 * @throws StepError where the workbook is damaged or has no such sheet; the signal's reason when aborted
 */
export async function* readSheet(
  path: string,
  sheet: string | number,
  { signal, onBytes, width, rowsBefore }: SheetReading = {},
): AsyncGenerator<TableRecord[], SheetNotes> {
  const workbook = await Workbook.open(path);
  try {
    const { part } = workbook.sheet(sheet);
    const rows = new SheetRows(await workbook.context({ signal }), width, rowsBefore);
    const scanner = new XmlScanner(rows);
    let batch: TableRecord[] = [];
    for await (const piece of workbook.file.text(part, { signal, onBytes })) {
      workbook.file.understand(part, () => scanner.write(piece));
      batch = batch.length === 0 ? rows.take() : batch.concat(rows.take());
      if (batch.length >= BATCH) {
        yield batch;
        batch = [];
      }
      if (rows.isComplete) break;
    }
    if (!rows.isComplete) workbook.file.understand(part, () => scanner.end());
    if (batch.length > 0) yield batch;
    return rows.notes(workbook.calculatesOnOpen);
  } finally {
    workbook.close();
  }
}

async function withWorkbook<T>(path: string, use: (workbook: Workbook) => Promise<T>): Promise<T> {
  const workbook = await Workbook.open(path);
  try {
    if (workbook.sheets.length === 0) throw damaged(path, "it has no sheet with cells");
    return await use(workbook);
  } finally {
    workbook.close();
  }
}

/** The last row that a sheet's own beginning speaks of. */
async function lastRowOf(workbook: Workbook, part: string): Promise<number | undefined> {
  const rows = new SheetRows({ strings: [], styles: [], from1904: false }, undefined);
  const scanner = new XmlScanner({
    open: (name, attributes) => {
      if (name === "sheetData") rows.isComplete = true;
      else if (name === "dimension") rows.open(name, attributes);
    },
    text: () => {},
    close: () => {},
  });
  for await (const piece of workbook.file.text(part)) {
    workbook.file.understand(part, () => scanner.write(piece));
    if (rows.isComplete) break;
  }
  return rows.lastRow;
}
