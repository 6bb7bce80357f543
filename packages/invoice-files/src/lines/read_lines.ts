import { putAside } from "@keyspaces-segmentation/common";
import {
  type CustomerIdReader,
  customerIdReader,
  type LineNumbering,
  lineNumbering,
  type ParsedChunk,
} from "@keyspaces-segmentation/invoices";
import { idNumberReader } from "../customers/id_numbers.js";
import { TOTAL_LINE } from "../money/total_lines.js";
import type { Reading } from "../reading/reading.js";
import { type SectionRecord, Sections } from "../source/sections.js";
import { type LineReader, lineReader } from "./line_reader.js";
import { HEADER_AGAIN, Refusals } from "./refusals.js";

/**
 * Reads records as invoice lines, by what was decided about their file. Every record becomes an invoice line or a reject with the
 * reason. Memory: what `lineNumbering` takes; what it puts aside lies in a temporary file.
 *
 * @param records all records of the file, those above the header and the header itself among them
 * @param ids what is told of customer ids in two spellings
 * @throws StepError where so many records contradict how the file is read that those which fit it cannot be trusted either
 */
export async function* readLines(
  records: AsyncIterable<readonly SectionRecord[]>,
  reading: Reading,
  ids: CustomerIdReader = customerIdReader(reading.nobody, idNumberReader(reading.ids.customer)),
): AsyncGenerator<ParsedChunk> {
  const aside = putAside("what tells lines that come again");
  try {
    yield* numbered(records, lineReader(reading, ids), { reading, numbering: lineNumbering(aside) });
  } finally {
    aside.close();
  }
}

async function* numbered(
  records: AsyncIterable<readonly SectionRecord[]>,
  read: LineReader,
  { reading, numbering }: { readonly reading: Reading; readonly numbering: LineNumbering },
): AsyncGenerator<ParsedChunk> {
  const refusals = new Refusals(reading);
  const sections = new Sections();
  let lines = 0;
  /** What has no number yet, and what stands behind it. */
  let held = noLines();
  for await (const chunk of records) {
    const parsed = held;
    for (const record of chunk) {
      const { lineNumber } = record;
      if (lineNumber <= reading.headerLine) continue;
      const line = record.problem ?? read.line(record.fields, record.isReturn ?? sections.isOfReturns);
      if (typeof line === "string") {
        // What a total comes to is in the lines that it adds up.
        const isLine = record.problem === undefined && line !== TOTAL_LINE;
        const amount = isLine ? read.worth(record.fields) : undefined;
        const reject = refusals.rejectOf(record, line);
        const isHeader = reject.reason === HEADER_AGAIN;
        sections.take(record, { isHeader });
        if (isHeader) {
          // No line of the shop's, as the first is none.
          read.header(record.fields);
          continue;
        }
        // All of one shape: with each further one, code that goes through them is compiled anew.
        const { reason, contradicts } = reject;
        parsed.rejects.push({ lineNumber, line: reject.line, reason, amount, contradicts });
        continue;
      }
      numbering.add(line, lineNumber, parsed.repeats);
      parsed.lines.push(line);
      parsed.lineNumbers.push(lineNumber);
      parsed.originals.push(record);
    }
    held = cutOff(parsed, numbering.waiting());
    lines += parsed.lines.length + parsed.rejects.length;
    refusals.stopIfMany(lines);
    yield parsed;
  }
  numbering.end(held.repeats);
  if (held.lines.length > 0) yield held;
}

interface NumberedChunk extends ParsedChunk {
  readonly repeats: Map<number, number>;
}

const noLines = (): NumberedChunk => ({ lines: [], lineNumbers: [], originals: [], rejects: [], repeats: new Map() });

/** Takes the last lines from a chunk, and the rejects that stand behind the first of them. */
function cutOff(chunk: NumberedChunk, count: number): NumberedChunk {
  if (count === 0) return noLines();
  const at = chunk.lines.length - count;
  const from = chunk.lineNumbers[at]!;
  const reject = chunk.rejects.findIndex(({ lineNumber }) => lineNumber > from);
  return {
    lines: chunk.lines.splice(at),
    lineNumbers: chunk.lineNumbers.splice(at),
    originals: chunk.originals.splice(at),
    rejects: reject < 0 ? [] : chunk.rejects.splice(reject),
    repeats: new Map(),
  };
}
