import { customerIdReader, type ParsedChunk } from "@keyspaces-segmentation/invoices";
import { kindOfFile } from "@keyspaces-segmentation/table-files";
import { idNumberReader } from "./customers/id_numbers.js";
import { type FileNotes, notesOf } from "./file_notes.js";
import { readLines } from "./lines/read_lines.js";
import { decideReading } from "./reading/decide_reading.js";
import type { GivenReading, Reading } from "./reading/reading.js";
import { valuesOfAll } from "./reading/values_of_all.js";
import type { ReadingRow } from "./reading_row.js";
import type { RecordSource } from "./source/record_source.js";
import { openText } from "./source/text_source.js";
import { openWorkbook } from "./source/workbook_source.js";
import { UndecidedError } from "./undecided.js";

/** What a reader has settled about a file by parameters; null: the file is to tell. */
export interface GivenFile extends GivenReading {
  readonly encoding: string | null;
  readonly separator: string | null;
  /** Name or number of a workbook's sheet, or several with commas between them. */
  readonly sheet: string | null;
}

/** A file of invoice lines, of which is known how it is meant. */
export interface InvoiceFile {
  readonly path: string;
  /** How it is read, in words: a row a decision. */
  readonly rows: readonly ReadingRow[];
  /** What of that to look at before the figures are believed. */
  readonly warnings: readonly string[];
  /** ISO 4217; null where the file does not say. */
  readonly currency: string | null;
  /**
   * Its lines, in the order of the file; each time anew.
   *
   * @param count is told how many more bytes of the file have been read
   */
  lines(count?: (bytes: number) => void): AsyncGenerator<ParsedChunk>;
  /** What was seen while its lines were read last. */
  notes(): FileNotes;
}

/**
 * Opens a file of invoice lines, text or workbook, and decides how it is meant, from all of a small file, or from pieces
 * all over a large one; where these leave it open, from the whole file.
 *
 * @throws UndecidedError naming the parameter that settles what the file cannot tell
 * @throws StepError for what is no table, has no header, or lacks a column; the signal's reason when aborted
 */
export async function openInvoiceFile(
  path: string,
  given: GivenFile,
  { signal }: { signal?: AbortSignal } = {},
): Promise<InvoiceFile> {
  const source = await opened(path, given, signal);
  // The sample is not kept.
  const { records, counts } = source;
  const reading = await readingOf(source, given, signal);
  const newIds = () => customerIdReader(reading.nobody, idNumberReader(reading.ids.customer));
  let ids = newIds();
  return {
    path,
    rows: [...source.rows, ...reading.rows],
    warnings: reading.warnings,
    currency: reading.currency,
    lines: (count = () => undefined) => {
      ids = newIds();
      return readLines(records(count), reading, ids);
    },
    notes: () => notesOf(ids.notes(), counts()),
  };
}

async function opened(path: string, given: GivenFile, signal?: AbortSignal): Promise<RecordSource> {
  const kind = await kindOfFile(path);
  const { encoding, separator, sheet, columns } = given;
  if (kind === "workbook") return openWorkbook(path, { sheet, columns }, signal);
  return openText(path, { gzip: kind === "gzip" }, { encoding, separator }, signal);
}

async function readingOf(source: RecordSource, given: GivenFile, signal?: AbortSignal): Promise<Reading> {
  try {
    return decideReading(source.sample, given);
  } catch (error) {
    if (!(error instanceof UndecidedError) || source.sample.whole) throw error;
    return decideReading(source.sample, given, await valuesOfAll(source, given, signal));
  }
}
