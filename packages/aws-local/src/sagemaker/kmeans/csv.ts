import { ContainerFailure } from "../container_failures.js";

/** The container reads this many lines at a time, and names the batch that it could not read. */
const BATCH = 1000;

const numberPattern = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

/** A line as 32-bit floats; `undefined` if a cell is no number. */
export function parseLine(line: string): number[] | undefined {
  const fields = line.split(",");
  return fields.every((field) => numberPattern.test(field))
    ? fields.map((field) => Math.fround(Number(field)))
    : undefined;
}

/**
 * The rows of a CSV file without a header, as 32-bit floats. Blank lines are skipped.
 *
 * @param file its name, for the reader
 * @throws ContainerFailure for a header, text, or an empty cell
 */
export function* readCsv(bytes: Uint8Array, file: string): Generator<number[]> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Line by line: a file of a million rows is not to lie in memory a second time as text.
  for (let [from, index] = [0, 0]; from < text.length; index++) {
    const newline = text.indexOf("\n", from);
    const end = newline < 0 ? text.length : newline;
    const line = text.toString("utf8", from, end).replace(/\r$/, "");
    from = end + 1;
    if (line === "") continue;
    const row = parseLine(line);
    if (!row) {
      const first = Math.floor(index / BATCH) * BATCH;
      const reason = `Unable to parse csv: rows ${first + 1}-${first + BATCH}, file ${file}`;
      throw new ContainerFailure("ClientError", reason);
    }
    yield row;
  }
}
