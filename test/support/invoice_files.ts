import {
  type GivenFile,
  type InvoiceFile,
  NOTHING_GIVEN,
  openInvoiceFile,
} from "@keyspaces-segmentation/invoice-files";
import { readLines } from "@keyspaces-segmentation/invoice-files/dist/lines/read_lines.js";
import { decideReading } from "@keyspaces-segmentation/invoice-files/dist/reading/decide_reading.js";
import type { Reading } from "@keyspaces-segmentation/invoice-files/dist/reading/reading.js";
import type { ParsedChunk } from "@keyspaces-segmentation/invoices";
import {
  detectText,
  RFC_4180,
  readTextRecords,
  recordSplitter,
  refuseNonTable,
  sampleRecords,
  type TableRecord,
  type TextFormat,
} from "@keyspaces-segmentation/table-files";

/** Files of tests are short: what their dates cannot tell is as in *Online Retail II*. */
const GIVEN: GivenFile = { ...NOTHING_GIVEN, dateOrder: "month_first", timeZone: "UTC" };

export const invoiceFile = (path: string, dateOrder = GIVEN.dateOrder): Promise<InvoiceFile> =>
  openInvoiceFile(path, { ...GIVEN, dateOrder });

/** The records of a file that this project has written. */
export const csvRecords = (text: string): TableRecord[] => recordSplitter(RFC_4180)(text, true);

/** How a file is meant. */
type Meaning = readonly [TextFormat, Reading];
type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Tells how a file that is there as bytes is meant, from all of it. */
export function meaningOf(bytes: Buffer): Meaning {
  const sample = { pieces: [{ bytes, offset: 0 }], size: bytes.length, whole: true };
  refuseNonTable(sample, "the file");
  const { format } = detectText(sample);
  if (format === null) throw new Error("the file leaves open how it is meant");
  return [format, decideReading({ pieces: sampleRecords(sample, format), whole: true }, GIVEN)];
}

/** The lines of a file that is there as bytes; without a word how it is meant, it is taken as a whole to tell. */
export async function* parseInvoices(chunks: Chunks, meaning?: Meaning): AsyncGenerator<ParsedChunk> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(new Uint8Array(chunk));
  const [format, reading] = meaning ?? meaningOf(Buffer.concat(pieces));
  async function* again() {
    yield* pieces;
  }
  yield* readLines(readTextRecords(again(), format), reading);
}
