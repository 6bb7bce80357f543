import type { TextCounts } from "@keyspaces-segmentation/table-files";
import type { ReadingRow } from "../reading_row.js";
import type { RecordSample } from "./record_sample.js";
import type { SectionRecord } from "./sections.js";

/** Records of a file, whatever kind of file it is. */
export interface RecordSource {
  /** What was decided about the file so far, and what speaks for it. */
  readonly rows: readonly ReadingRow[];
  readonly sample: RecordSample;
  /**
   * All records, in the order of the file.
   *
   * @param count is told how many more bytes of the file have been read
   */
  records(count: (bytes: number) => void): AsyncIterable<readonly SectionRecord[]>;
  /** What was read otherwise on the way, while records were read last. */
  counts(): TextCounts;
}
