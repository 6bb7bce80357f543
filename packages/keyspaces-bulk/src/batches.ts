import { batchBytes, batchSize } from "./limits.js";
import { type CellValue, type EncodedRow, type RowTable, rowEncoder } from "./row_encoding.js";
import type { Chunk, Reject } from "./source.js";
import { keyOf } from "./statements.js";

/** A row on its way to the table, with what the rejects file needs if the service refuses it. */
export interface Row {
  readonly values: EncodedRow;
  readonly lineNumber: number;
  readonly original: string;
}

/**
 * Made by a constructor: what literals make goes straight to the old generation of memory once many of them have outlived a collection, as
 * the first rows under way do, and so would every row of the file, with its slab and its piece of the file.
 */
class BatchRow implements Row {
  readonly values: EncodedRow;
  readonly lineNumber: number;
  readonly original: string;

  constructor(values: EncodedRow, lineNumber: number, original: string) {
    this.values = values;
    this.lineNumber = lineNumber;
    this.original = original;
  }
}

/** Consecutive lines of the file that are stored together: rows of one partition, and the lines among them that are no rows. */
export interface Batch {
  readonly rows: Row[];
  readonly rejects: Reject[];
  /** The batch covers the file up to this line. */
  lastLine: number;
}

/** Groups what a file came to into batches, in its order. */
export interface Batcher<Line> {
  /** The batches that are complete with this chunk. */
  add(chunk: Chunk<Line>): Batch[];
  /** The last one, which nothing completed. */
  end(): Batch[];
}

/**
 * Rows of one partition that lie together in the file make a batch, which is one write for the service. A batch ends with the
 * partition, at 30 rows, or before it grows too long for one request.
 *
 * @param settledLine lines of the file up to this one are left out: an earlier run has settled them
 * @throws ArgumentError as {@link rowEncoder}
 */
export function createBatcher<Line>(table: RowTable<Line>, settledLine = 0): Batcher<Line> {
  const encode = rowEncoder(table);
  const { columns: key, partition } = keyOf(table);
  const partitionKey = key.slice(0, partition).map((column) => Object.keys(table.columns).indexOf(column));
  /** A loop: it runs for each row. */
  const isOfPartition = (values: readonly CellValue[], of: readonly CellValue[]): boolean => {
    for (const at of partitionKey) if (values[at] !== of[at]) return false;
    return true;
  };
  let batch: Batch | undefined;
  let last: readonly CellValue[] = [];
  let bytes = 0;

  return {
    add({ lines, lineNumbers, originals, rejects }) {
      const complete: Batch[] = [];
      let nextReject = 0;
      const current = (lastLine: number): Batch => {
        if (batch === undefined) {
          batch = { rows: [], rejects: [], lastLine };
          bytes = 0;
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
        const lineNumber = lineNumbers[i]!;
        addRejectsBefore(lineNumber);
        if (lineNumber <= settledLine) continue;
        const values = table.values(lines[i]!);
        const row = encode(values);
        const length = row.end - row.start;
        const { rows } = current(batch?.lastLine ?? lineNumber);
        const fits = rows.length < batchSize && bytes + length <= batchBytes && isOfPartition(values, last);
        if (rows.length > 0 && !fits) {
          complete.push(batch!);
          batch = undefined;
        }
        current(lineNumber).rows.push(new BatchRow(row, lineNumber, originals[i]!.text));
        last = values;
        bytes += length;
      }
      addRejectsBefore(Number.POSITIVE_INFINITY);
      // Rejects alone wait for nothing.
      if (batch !== undefined && batch.rows.length === 0) complete.push(...this.end());
      return complete;
    },
    end() {
      const rest = batch === undefined ? [] : [batch];
      batch = undefined;
      return rest;
    },
  };
}
