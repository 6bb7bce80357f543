import { basename } from "node:path";
import {
  type Decision,
  detectText,
  encodingWatch,
  noCounts,
  openBytes,
  readTextRecords,
  refuseNonTable,
  sampleFile,
  sampleRecords,
  watched,
} from "@keyspaces-segmentation/table-files";
import { factsNamedIn } from "../columns/map_columns.js";
import type { ReadingRow } from "../reading_row.js";
import { decided } from "../undecided.js";
import type { RecordSource } from "./record_source.js";

/** What a reader has settled about a text file by parameters. */
export interface GivenText {
  readonly encoding: string | null;
  readonly separator: string | null;
}

/**
 * Opens a text file of records and decides how its bytes are meant.
 *
 * @throws StepError for what is no table; UndecidedError where a parameter has to tell
 */
export async function openText(
  path: string,
  { gzip }: { gzip: boolean },
  given: GivenText,
  signal?: AbortSignal,
): Promise<RecordSource> {
  const sample = await sampleFile(path, signal ? { signal } : {});
  refuseNonTable(sample, basename(path));
  const { encoding, separator } = given;
  const givenFormat = { encoding: encoding ?? undefined, separator: separator ?? undefined };
  const detected = detectText(sample, givenFormat, { namesIn });
  const { format } = detected;
  const rows: ReadingRow[] = [];
  if (gzip) rows.push({ what: "file", readAs: "gzip", because: "its first bytes", confidence: "certain" });
  // What depends on an open question is not there, and the question is thrown.
  const decisions: Readonly<Record<string, Decision<unknown>>> = {
    encoding: decided(detected.encoding),
    separator: decided(detected.separator!),
    quotes: detected.quoting!,
  };
  for (const [what, { value, evidence, confidence }] of Object.entries(decisions)) {
    rows.push({ what, readAs: WORDS[String(value)] ?? String(value), because: evidence, confidence });
  }
  let counts = noCounts();
  for (const { bytes } of sample.pieces) encodingWatch(format!.encoding)(bytes);
  return {
    rows,
    sample: { pieces: detected.records ?? sampleRecords(sample, format!), whole: sample.whole },
    records: (count) => {
      counts = noCounts();
      return readTextRecords(watched(openBytes(path, { gzip, onBytes: count }), format!.encoding), format!, counts);
    },
    counts: () => counts,
  };
}

/** By the sign that is there most often. */
function namesIn(line: string): number {
  const fields = [",", ";", "\t", "|"].map((sign) => line.replaceAll('"', "").split(sign));
  return factsNamedIn(fields.reduce((most, each) => (each.length > most.length ? each : most)));
}

const WORDS: Readonly<Record<string, string>> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "vertical bar",
  " ": "blanks",
  "\u0001": "control-A",
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16, little endian",
  "utf-16be": "UTF-16, big endian",
  "windows-1252": "Windows-1252",
  doubled: 'quotes within quotes are doubled, ""',
  backslash: 'quotes within quotes have a backslash, \\"',
  single: "fields are in single quotes, '…'",
  whole_lines: "each line is in quotes as a whole",
  none: "none",
};
