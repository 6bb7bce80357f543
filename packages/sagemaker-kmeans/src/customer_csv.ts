import type { CustomersToAssign } from "@keyspaces-segmentation/kmeans";

/** A piece of the customers, from a row to the one before another, as CSV. */
export interface CsvPiece {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Customers as CSV without a header, cut into pieces of at most so many bytes and rows.
 *
 * @param withIds whether the id stands before the features
 * @param extra bytes to count for each row besides its own, such as those of its answer
 */
export function* csvPieces(
  { customerIds, features: { values, columns } }: CustomersToAssign,
  {
    maxBytes,
    maxRows = Number.POSITIVE_INFINITY,
    withIds,
    extra = 0,
  }: { maxBytes: number; maxRows?: number; withIds: boolean; extra?: number },
): Generator<CsvPiece> {
  let lines: string[] = [];
  let bytes = 0;
  let from = 0;
  for (const [i, id] of customerIds.entries()) {
    const numbers = values.subarray(i * columns, (i + 1) * columns).join(",");
    const line = withIds ? `${id},${numbers}\n` : `${numbers}\n`;
    const size = Buffer.byteLength(line) + extra;
    if (lines.length > 0 && (bytes + size > maxBytes || lines.length >= maxRows)) {
      yield { from, to: i, text: lines.join("") };
      lines = [];
      bytes = 0;
      from = i;
    }
    lines.push(line);
    bytes += size;
  }
  yield { from, to: customerIds.length, text: lines.join("") };
}
