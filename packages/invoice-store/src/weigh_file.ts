import type { InvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { type EncodedRow, rowEncoder } from "@keyspaces-segmentation/keyspaces-bulk";

/** What the rows of a file come to. */
export interface FileWeight {
  readonly rows: number;
  readonly rowBytes: number;
  readonly writeUnits: number;
  /** Customer ids; about so many, where not all of the file was looked at. */
  readonly customers: number;
  /** Invoice numbers, likewise. */
  readonly invoices: number;
  /** Whether all of its lines were looked at; else the figures are foretold from its first lines, for as many bytes as it has. */
  readonly isWhole: boolean;
}

/** What a row weighs, in bytes, and in units when it is written. */
export type WeighRow = (row: EncodedRow) => { bytes: number; units: number };

export interface WeighOptions {
  readonly weigh: WeighRow;
  /** Of the file, in bytes. */
  readonly fileBytes: number;
  /** So many lines at most are looked at, to the end of what is read with them; default 2,000,000, which takes some seconds. */
  readonly atMost?: number;
  readonly signal?: AbortSignal;
}

/** Ids as they come: how many they are, and how many they were when half of the lines had been looked at. */
class Ids {
  readonly #known = new Set<string>();
  #atHalf = 0;

  add(id: string): void {
    this.#known.add(id);
  }

  noteHalf(): void {
    this.#atHalf = this.#known.size;
  }

  /**
   * How many they are in all of a file: they become more by the same power of its length as between half of what was read and all of it
   * (Heaps' law), as customers come again the longer a file is; never by more than its length.
   *
   * @param share of the file against what was read
   * @param sinceHalf what was read against the half of it
   */
  within(share: number, sinceHalf: number): number {
    const power = Math.log(this.#known.size / this.#atHalf) / Math.log(sinceHalf);
    return Math.round(this.#known.size * share ** (power < 1 ? power : 1));
  }
}

/**
 * Weighs the lines of a file of invoices as rows of the table, without writing any. Of a very long file its first lines are weighed.
 *
 * @throws as `InvoiceFile.lines`; the signal's reason when aborted
 */
export async function weighFile(
  file: InvoiceFile,
  { weigh, fileBytes, atMost = 2_000_000, signal }: WeighOptions,
): Promise<FileWeight> {
  const encode = rowEncoder(retailTable);
  const [customers, invoices] = [new Ids(), new Ids()];
  let [rows, rowBytes, writeUnits, read, lines, readAtHalf] = [0, 0, 0, 0, 0, 0];
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
    if (readAtHalf === 0 && lines >= atMost / 2) {
      readAtHalf = read;
      for (const ids of [customers, invoices]) ids.noteHalf();
    }
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
    customers: customers.within(share, read / readAtHalf),
    invoices: invoices.within(share, read / readAtHalf),
    isWhole,
  };
}
