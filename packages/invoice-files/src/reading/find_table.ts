import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { Decision, TableRecord } from "@keyspaces-segmentation/table-files";
import { withoutDateParts } from "../columns/date_text.js";
import type { GivenColumns } from "../columns/given_columns.js";
import { findHeader } from "../columns/header.js";
import { type Fit, fitOf, ownFields } from "../columns/row_fit.js";
import { Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { type RecordSample, recordsBelow } from "../source/record_sample.js";
import { sectionsOf } from "../source/sections.js";

/** The table of a file, in a sample of it, with its columns by their names. */
export interface FoundTable {
  /** Line of the file; 0 where there is no header. */
  readonly headerLine: number;
  /** What speaks for the header. */
  readonly evidence: string;
  readonly fit: Decision<Fit>;
  /** What is said of titles between its lines, which are looked for in whole records. */
  readonly sections: readonly ReadingRow[];
  readonly table: Table;
}

/**
 * Finds where the table of a file begins and how its lines stand below the header.
 *
 * @throws StepError where no header is found, a column is missing, or no line stands below
 */
export function findTable(sample: RecordSample, given: GivenColumns): FoundTable {
  const { header, headerLine, positions, evidenceOf } = findHeader(sample.pieces[0] ?? [], given);
  const { pieces, headersAgain } = recordsBelow(sample, { header, headerLine });
  const records = pieces.flat();
  if (records.length === 0) {
    throw new StepError({
      tried: "read invoice lines",
      got: `the file has a header${headerLine > 0 ? ` in line ${formatNumber(headerLine)}` : ""} and no line below it`,
    });
  }
  const fit = fitOf(records, { header, positions, isSheet: sample.isSheet ?? false });
  const lines = pieces.map((piece) => piece.map((record) => lineOf(record, fit.value)));
  const named = new Table({ header, positions, pieces: lines });
  const table = named.withPositions(withoutDateParts(named));
  const evidence =
    evidenceOf(table.positions) +
    (headersAgain === 0 ? "" : `; it is there ${formatPlural(headersAgain, "time")} more, left out`);
  return { headerLine, evidence, fit, sections: sectionsOf(records), table };
}

/** A record as a line of its table. */
class TableLine implements TableRecord {
  readonly #record: TableRecord;
  readonly fields: readonly string[];

  constructor(record: TableRecord, fields: readonly string[]) {
    this.#record = record;
    this.fields = fields;
  }

  get lineNumber(): number {
    return this.#record.lineNumber;
  }

  get text(): string {
    return this.#record.text;
  }
}

/** Nearly all records are lines as they stand. */
function lineOf(record: TableRecord, fit: Fit): TableRecord {
  const isLine = fit.shift === 0 && record.fields.every((field) => field === field.trim());
  return isLine
    ? record
    : new TableLine(
        record,
        ownFields(record.fields, fit).map((field) => field.trim()),
      );
}
