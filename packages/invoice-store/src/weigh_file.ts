import type { InvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { type EncodedRow, rowEncoder } from "@keyspaces-segmentation/keyspaces-bulk";

/** What the rows of a file come to. */
export interface FileWeight {
  readonly rows: number;
  readonly rowBytes: number;
  readonly writeUnits: number;
  /** Customer ids; at most so many, where not all of the file was looked at. */
  readonly customers: number;
  /** Invoice numbers, likewise. */
  readonly invoices: number;
  /** Whether all of its lines were looked at; else the figures are those of its first lines, for as many bytes as it has. */
  readonly isWhole: boolean;
}

/** What a row weighs, in bytes, and in units when it is written. */
export type WeighRow = (row: EncodedRow) => { bytes: number; units: number };

export interface WeighOptions {
  readonly weigh: WeighRow;
  /** Of the file, in bytes. */
  readonly fileBytes: number;
  /** So many lines at most are looked at, to the end of what is read with them; default 50,000. */
  readonly atMost?: number;
  readonly signal?: AbortSignal;
}

/**
 * Weighs the lines of a file of invoices as rows of the table, without writing any. Of a long file its first lines are weighed.
 *
 * @throws as `InvoiceFile.lines`; the signal's reason when aborted
 */
export async function weighFile(
  file: InvoiceFile,
  { weigh, fileBytes, atMost = 50_000, signal }: WeighOptions,
): Promise<FileWeight> {
  const encode = rowEncoder(retailTable);
  const [customers, invoices] = [new Set<string>(), new Set<string>()];
  let [rows, rowBytes, writeUnits, read, lines] = [0, 0, 0, 0, 0];
  let isWhole = true;
  const count = (bytes: number): void => {
    read += bytes;
  };
  for await (const chunk of file.lines(count)) {
    signal?.throwIfAborted();
    for (const line of chunk.lines) {
      const { bytes, units } = weigh(encode(retailTable.values(line)));
      rows++;
      rowBytes += bytes;
      writeUnits += units;
      if (line.customerId !== null) customers.add(line.customerId);
      invoices.add(line.invoice);
    }
    lines += chunk.lines.length + chunk.rejects.length;
    if (lines < atMost) continue;
    isWhole = read >= fileBytes;
    break;
  }
  const share = isWhole ? 1 : fileBytes / Math.max(1, read);
  const whole = (seen: number): number => Math.round(seen * share);
  return {
    rows: whole(rows),
    rowBytes: whole(rowBytes),
    writeUnits: whole(writeUnits),
    customers: whole(customers.size),
    invoices: whole(invoices.size),
    isWhole,
  };
}
