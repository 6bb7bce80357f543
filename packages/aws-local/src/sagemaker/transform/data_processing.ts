/**
 * Filters and joins around the algorithm.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
 */
import { mediaType } from "../hosting/payload.js";
import { type Path, parsePath, select } from "./json_path.js";

/** A record that could not be filtered or joined. */
export class ProcessingFailure extends Error {
  override readonly name = "ProcessingFailure";
}

/** How records of a content type are taken apart and put together. */
interface Format {
  readonly name: string;
  read(record: string): unknown;
  write(value: unknown): string;
  join(input: unknown, output: unknown): unknown;
}

/** The cells of a CSV line as they stand there, quotes included. */
function cellsOf(line: string): string[] {
  const cells = [...`,${line}`.matchAll(/,("(?:[^"]|"")*"|[^",]*)(?=,|$)/g)].map(([, cell = ""]) => cell);
  if (cells.join(",") !== line) throw new ProcessingFailure("Failed to parse the record as CSV");
  return cells;
}

const csv: Format = {
  name: "CSV",
  read: cellsOf,
  write: (value) => [value].flat().join(","),
  join: (input, output) => [...(input as string[]), ...(output as string[])],
};

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const json: Format = {
  name: "JSON",
  read: JSON.parse,
  write: (value) => JSON.stringify(value),
  join: (input, output) =>
    isObject(input) ? { ...input, SageMakerOutput: output } : { SageMakerInput: input, SageMakerOutput: output },
};

const formats: Readonly<Record<string, Format>> = {
  "text/csv": csv,
  "application/json": json,
  "application/jsonlines": json,
};

function formatOf(contentType: string): Format {
  const format = formats[mediaType(contentType)];
  if (!format) throw new ProcessingFailure(`Records of type ${contentType} can be neither filtered nor joined`);
  return format;
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProcessingFailure) throw error;
    throw new ProcessingFailure(`${what}: ${error instanceof Error ? error.message : error}`);
  }
}

export interface Processing {
  /** Whether anything is asked of it. */
  readonly active: boolean;
  /** The part of a record that the algorithm gets. */
  input(record: string): string;
  /** What is written for a record and the algorithm's answer to it. */
  output(record: string, answer: string, answerType: string): string;
}

/**
 * @throws RangeError for a filter that is no path
 * @see {@link ProcessingFailure} for what its functions throw
 */
export function processing(
  filters: { InputFilter?: string | undefined; OutputFilter?: string | undefined; JoinSource?: string | undefined },
  contentType: string,
): Processing {
  const inputFilter: Path = parsePath(filters.InputFilter ?? "$");
  const outputFilter: Path = parsePath(filters.OutputFilter ?? "$");
  const joins = filters.JoinSource === "Input";
  return {
    active: joins || inputFilter.length > 0 || outputFilter.length > 0,
    input(record) {
      if (inputFilter.length === 0) return record;
      const format = formatOf(contentType);
      return attempt("Failed to apply the input filter", () => format.write(select(format.read(record), inputFilter)));
    },
    output(record, answer, answerType) {
      const format = formatOf(answerType);
      if (joins && format !== formatOf(contentType)) {
        throw new ProcessingFailure(`Failed to parse output from the algorithm as ${formatOf(contentType).name}`);
      }
      return attempt("Failed to join or to apply the output filter", () => {
        const read = format.read(answer);
        return format.write(select(joins ? format.join(format.read(record), read) : read, outputFilter));
      });
    },
  };
}
