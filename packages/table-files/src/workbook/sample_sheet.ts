import type { TableRecord } from "../record.js";
import { type SheetNotes, SheetRows } from "./sheet_rows.js";
import { Workbook } from "./workbook.js";
import { XmlScanner } from "./xml_scanner.js";

/** Enough of a sheet's rows to tell how it is meant. */
export interface SheetSample {
  /** Its rows in order; of a large sheet those at its beginning, at its end, and some all over what is between. */
  readonly records: readonly TableRecord[];
  /** Whether these are all. */
  readonly whole: boolean;
  /** What was seen besides in these rows. */
  readonly notes: SheetNotes;
}

/** Up to this many bytes of XML a sheet is taken whole: some 30,000 rows. */
const WHOLE = 8 * 2 ** 20;
/** What is taken of a larger one at its beginning and at its end: some 3,000 rows each. */
const PIECE = 2 ** 20;
/** Between these, so many pieces of some 200 rows, evenly; but not more than one in so many bytes. */
const WINDOWS = 128;
const LEAST_APART = 2 ** 19;

/**
 * A sample of a sheet. Of a large one all is unpacked, of which nearly all is skipped: some tenths of a second for 500,000 rows.
 * Rows after the beginning whose number the file does not say are counted from where their piece begins.
 *
 * @param sheet its name, in any case, or its number
 * @throws StepError where the workbook is damaged or has no such sheet; the signal's reason when aborted
 */
export async function sampleSheet(
  path: string,
  sheet: string | number,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<SheetSample> {
  const workbook = await Workbook.open(path);
  try {
    const { part } = workbook.sheet(sheet);
    const context = await workbook.context({ signal });
    const size = workbook.file.sizeOf(part);
    const whole = size <= WHOLE;
    const windows = Math.min(WINDOWS, Math.floor((size - 2 * PIECE) / LEAST_APART));
    const spans = whole
      ? [[0, Infinity]]
      : [
          [0, PIECE],
          ...Array.from({ length: windows }, (_each, window) => {
            const from = PIECE + ((size - 2 * PIECE) * (window + 0.5)) / windows;
            return [from, from + 1];
          }),
          [size - PIECE, Infinity],
        ];
    const rows = new SheetRows(context, undefined);
    let scanner: XmlScanner | undefined = new XmlScanner(rows);
    let span = 0;
    let packed = 0;
    const onBytes = (count: number) => {
      packed += count;
    };
    for await (const piece of workbook.file.text(part, { signal, onBytes })) {
      const at = (packed / workbook.file.bytesOf(part)) * size;
      const [from = 0, to = 0] = spans[span] ?? [];
      if (at > from) {
        // In the middle of a sheet: from the next row on.
        const start = scanner === undefined ? piece.search(/<(?:[\w.-]+:)?row[\s>]/) : 0;
        if (start >= 0) {
          scanner ??= withinRows(rows);
          const rest = start === 0 ? piece : piece.slice(start);
          const scan = scanner;
          workbook.file.understand(part, () => scan.write(rest));
        }
        if (rows.isComplete) break;
      }
      if (at >= to) scanner = undefined;
      while (at >= (spans[span]?.[1] ?? Infinity)) span++;
    }
    return { records: rows.take(), whole, notes: rows.notes(workbook.calculatesOnOpen) };
  } finally {
    workbook.close();
  }
}

/** A scanner for what follows within a sheet's rows. */
function withinRows(rows: SheetRows): XmlScanner {
  const scanner = new XmlScanner(rows);
  scanner.write("<worksheet><sheetData>");
  return scanner;
}
