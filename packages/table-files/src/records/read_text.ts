import type { TableRecord } from "../record.js";
import { lineDecoder } from "../text/decode.js";
import { noCounts, type TextCounts, type TextFormat } from "../text/text_format.js";
import { recordSplitter } from "./split_records.js";

/** A record that is kept for long keeps the text that it was cut from: so much of the file, in bytes. */
const PART = 4 * 1024;

/**
 * The records of a text file, a batch for each chunk that completes some. Memory: a chunk, and the longest record (1 MiB).
 *
 * @param bytes of the file, decompressed, cut anywhere
 * @param counts told what is left out on the way, up to the batch that was given last
 */
export async function* readTextRecords(
  bytes: AsyncIterable<Uint8Array>,
  format: TextFormat,
  counts: TextCounts = noCounts(),
): AsyncGenerator<TableRecord[]> {
  const decode = lineDecoder(format, counts);
  const split = recordSplitter(format, counts);
  for await (const chunk of bytes) {
    const records: TableRecord[] = [];
    for (let at = 0; at < chunk.length; at += PART) {
      for (const record of split(decode(chunk.subarray(at, at + PART)), false)) records.push(record);
    }
    if (records.length > 0) yield records;
  }
  const records = split(decode(undefined), true);
  if (records.length > 0) yield records;
}
