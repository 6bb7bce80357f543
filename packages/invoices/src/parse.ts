import type { Decimal } from "@keyspaces-segmentation/common";

/** One line of an invoice, as a row of the table `online_retail`. */
export interface InvoiceLine {
  /** Invoice number; credit notes start with C. */
  readonly invoice: string;
  readonly stockCode: string;
  /** Counts the lines of the same invoice and stock code in file order: 1, 2, … */
  readonly line: number;
  readonly description: string | null;
  /** Pieces, or what it is sold by: 0.75 of a kilogram. Negative for returns. */
  readonly quantity: Decimal;
  /** UTC. */
  readonly invoiceDate: Date;
  /** Of one piece. */
  readonly price: Decimal;
  readonly customerId: string | null;
  readonly country: string | null;
}

/** A record that is no invoice line. */
export interface Reject {
  /** Line of the file, counted from 1, the header included. */
  readonly lineNumber: number;
  /** The record as it stands in the file. */
  readonly line: string;
  readonly reason: string;
  /** Quantity × price, where both can be read. */
  readonly amount?: Decimal | undefined;
  /**
   * What it contradicts of how all lines are read, where others may be read wrongly without a sign of it: the order of day and month, or
   * the decimal sign.
   */
  readonly contradicts?: "dates" | "numbers" | undefined;
}

/** What one chunk of the file completed. */
export interface ParsedChunk {
  readonly lines: InvoiceLine[];
  /** Per line, its line of the file, counted from 1, the header included. */
  readonly lineNumbers: number[];
  /** Per line, the record as it stands in the file; of a sheet it is put together when asked for. */
  readonly originals: { readonly text: string }[];
  readonly rejects: Reject[];
  /**
   * Lines that are in the file a second time, by their line of the file: which of the equal lines of its invoice each is again, from 1.
   * See `lineNumbering`.
   */
  readonly repeats?: ReadonlyMap<number, number>;
}
