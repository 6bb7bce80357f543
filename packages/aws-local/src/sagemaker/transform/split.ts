import { readFrames, writeFrame } from "../record_io/frames.js";

/** The records of an object, each as it would be sent alone. */
export function splitRecords(object: Buffer, splitType: string | undefined): Buffer[] {
  if (splitType === "Line") {
    const lines = object.toString("utf8").split(/\r?\n/);
    return lines.filter((line) => line !== "").map((line) => Buffer.from(line));
  }
  if (splitType === "RecordIO") return readFrames(object).map(writeFrame);
  return [object];
}

/** A record is larger than a request may be. */
export class PayloadTooLarge extends Error {
  override readonly name = "PayloadTooLarge";
}

/**
 * Records in batches whose size as a request, `separator` between records, stays within `limit` bytes.
 *
 * @throws PayloadTooLarge
 */
export function* batchesOf(
  records: readonly Buffer[],
  { limit, separator, single }: { limit: number; separator: string; single: boolean },
): Generator<Buffer[]> {
  let batch: Buffer[] = [];
  let size = 0;
  for (const record of records) {
    if (record.length > limit) throw new PayloadTooLarge("Too much data for max payload size");
    const more = record.length + (batch.length > 0 ? separator.length : 0);
    if (batch.length > 0 && (single || size + more > limit)) {
      yield batch;
      batch = [];
      size = 0;
    }
    size += batch.length > 0 ? more : record.length;
    batch.push(record);
  }
  if (batch.length > 0) yield batch;
}
