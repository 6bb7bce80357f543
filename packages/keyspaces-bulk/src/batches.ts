import type { ParsedChunk, Reject } from "@keyspaces-segmentation/invoices";
import { batchBytes, batchSize } from "./limits.js";
import { type EncodedRow, lineEncoder } from "./row_encoding.js";

/** A row on its way to the table, with what the rejects file needs if the service refuses it. */
export interface Row {
  readonly values: EncodedRow;
  readonly lineNumber: number;
  readonly original: string;
}

/** Consecutive lines of the file that are stored together: rows of one invoice, and the lines among them that are no rows. */
export interface Batch {
  readonly rows: Row[];
  readonly rejects: Reject[];
  /** The batch covers the file up to this line. */
  lastLine: number;
}

/** Groups what the parser gives into batches, in the order of the file. */
export interface Batcher {
  /** The batches that are complete with this chunk. */
  add(chunk: ParsedChunk): Batch[];
  /** The last one, which nothing completed. */
  end(): Batch[];
}

/**
 * Rows of one invoice are one partition and lie together in the file: a batch of them is one write for the service. A batch ends
 * with the invoice, at 30 rows, or before it grows too long for one request.
 *
 * @param settledLine lines of the file up to this one are left out: an earlier run has settled them
 */
export function createBatcher(settledLine = 0): Batcher {
  const encode = lineEncoder();
  let batch: Batch | undefined;
  let invoice: string | undefined;
  let bytes = 0;

  return {
    add({ lines, lineNumbers, originals, rejects }) {
      const complete: Batch[] = [];
      let nextReject = 0;
      const current = (lastLine: number): Batch => {
        if (batch === undefined) {
          batch = { rows: [], rejects: [], lastLine };
          bytes = 0;
          invoice = undefined;
        }
        batch.lastLine = lastLine;
        return batch;
      };
      const addRejectsBefore = (lineNumber: number): void => {
        for (; nextReject < rejects.length && rejects[nextReject]!.lineNumber < lineNumber; nextReject++) {
          const reject = rejects[nextReject]!;
          if (reject.lineNumber > settledLine) current(reject.lineNumber).rejects.push(reject);
        }
      };
      for (let i = 0; i < lines.length; i++) {
        const line = lines[i]!;
        const lineNumber = lineNumbers[i]!;
        addRejectsBefore(lineNumber);
        if (lineNumber <= settledLine) continue;
        const values = encode(line);
        const length = values.end - values.start;
        const { rows } = current(batch?.lastLine ?? lineNumber);
        if (
          rows.length === batchSize ||
          (rows.length > 0 && (line.invoice !== invoice || bytes + length > batchBytes))
        ) {
          complete.push(batch!);
          batch = undefined;
        }
        current(lineNumber).rows.push({
          values,
          lineNumber,
          original: originals[i]!,
        });
        invoice = line.invoice;
        bytes += length;
      }
      addRejectsBefore(Number.POSITIVE_INFINITY);
      // Rejects alone wait for nothing.
      if (batch !== undefined && batch.rows.length === 0) complete.push(...this.end());
      return complete;
    },
    end() {
      const last = batch === undefined ? [] : [batch];
      batch = undefined;
      return last;
    },
  };
}
