import {
  type GivenFile,
  type InvoiceFile,
  NOTHING_GIVEN,
  openInvoiceFile,
} from "@keyspaces-segmentation/invoice-files";
import { decideReading } from "@keyspaces-segmentation/invoice-files/dist/decide_reading.js";
import { readLines } from "@keyspaces-segmentation/invoice-files/dist/read_lines.js";
import type { ParsedChunk } from "@keyspaces-segmentation/invoices";
import {
  detectText,
  RFC_4180,
  readTextRecords,
  recordSplitter,
  refuseNonTable,
  sampleRecords,
  type TableRecord,
} from "@keyspaces-segmentation/table-files";

/** Files of tests are short: what their dates cannot tell is as in *Online Retail II*. */
const GIVEN: GivenFile = { ...NOTHING_GIVEN, dateOrder: "month_first", timeZone: "UTC" };

export const invoiceFile = (path: string, dateOrder = GIVEN.dateOrder): Promise<InvoiceFile> =>
  openInvoiceFile(path, { ...GIVEN, dateOrder });

/** The records of a file that this project has written. */
export const csvRecords = (text: string): TableRecord[] => recordSplitter(RFC_4180)(text, true);

/** The lines of a file that is there as bytes, which is taken as a whole to tell how it is meant. */
export async function* parseInvoices(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ParsedChunk> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(new Uint8Array(chunk));
  const bytes = Buffer.concat(pieces);
  const sample = { pieces: [{ bytes, offset: 0 }], size: bytes.length, whole: true };
  refuseNonTable(sample, "the file");
  const { format } = detectText(sample);
  if (format === null) throw new Error("the file leaves open how it is meant");
  const reading = decideReading({ pieces: sampleRecords(sample, format), whole: true }, GIVEN);
  async function* again() {
    yield* pieces;
  }
  yield* readLines(readTextRecords(again(), format), reading);
}
