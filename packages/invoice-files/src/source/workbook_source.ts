import { formatPlural, StepError } from "@keyspaces-segmentation/common";
import { noCounts, readSheet, type TableRecord } from "@keyspaces-segmentation/table-files";
import type { ReadingRow } from "../reading_row.js";
import { type ChosenSheet, chooseSheets, type GivenSheets, type SheetChoice } from "./choose_sheets.js";
import type { RecordSource } from "./record_source.js";
import { type SectionRecord, saysReturns } from "./sections.js";

/**
 * Opens a workbook: all visible sheets with the columns of the first that has them, in its order or another, or those that the
 * parameter `sheet` names. Lines of a sheet that is called returns, or credit notes, are returns. Rows of
 * later sheets are counted on from the last row of the one before.
 *
 * @throws StepError where no sheet has the columns, or there is no such sheet
 */
export async function openWorkbook(path: string, given: GivenSheets, signal?: AbortSignal): Promise<RecordSource> {
  try {
    return openedSheets(path, await chooseSheets(path, given, { withNumbers: true, signal }), given);
  } catch (error) {
    // A list of customers has as many columns as one of purchases without numbers: it is no table beside one of invoices.
    if (!(error instanceof StepError)) throw error;
    return openedSheets(path, await chooseSheets(path, given, { withNumbers: false, signal }), given);
  }
}

function openedSheets(path: string, choice: SheetChoice, given: GivenSheets): RecordSource {
  const { chosen } = choice;
  const currencies = new Map<number, Set<string>>();
  for (const { sample, order } of chosen) {
    for (const [column, signs] of order === null ? sample.notes.currencies : []) {
      currencies.set(column, new Set([...(currencies.get(column) ?? []), ...signs]));
    }
  }
  // Of later sheets, without what stands above their records.
  const pieces = chosen.map(({ sample: { records }, headerLine, order }, i) =>
    i === 0
      ? records
      : records
          .filter(({ lineNumber }) => lineNumber > headerLine)
          .map((row) => (order === null ? row : new LaterRow(row, { order, isReturn: false }))),
  );
  return {
    rows: rowsSaid(choice, given),
    sample: { pieces, whole: chosen.every(({ sample }) => sample.whole), isSheet: true, currencies },
    records: (count) => rowsOf(path, chosen, count),
    counts: noCounts,
  };
}

/** What is said of the sheets that are read. */
function rowsSaid({ chosen, left }: SheetChoice, { sheet }: GivenSheets): ReadingRow[] {
  const notes = chosen.flatMap(({ name, isContinued, order }) => [
    ...(isContinued ? [`${name} has no header and goes on`] : []),
    ...(order !== null ? [`${name} has its columns in another order`] : []),
    ...(saysReturns(name) ? [`what is above zero in ${name} is turned, as returns`] : []),
  ]);
  const formulas = chosen.reduce((sum, { sample }) => sum + sample.notes.formulasWithoutValue, 0);
  const rows: ReadingRow[] = [
    { what: "file", readAs: "Excel workbook", because: "its content, whatever its name", confidence: "certain" },
    {
      what: chosen.length === 1 ? "sheet" : "sheets",
      readAs: chosen.map(({ name }) => name).join(", "),
      because: [left.length === 0 ? "all that it has" : `left out: ${left.join(", ")}`, ...notes].join("; "),
      confidence: sheet === null ? "certain" : "given",
    },
  ];
  if (formulas === 0) return rows;
  const because = `${formatPlural(formulas, "cell")} of the sample ${formulas === 1 ? "has a formula" : "have formulas"} whose value the file does not hold`;
  return [...rows, { what: "formulas", readAs: "read as empty", because, confidence: "certain" }];
}

/** A row of a later sheet, below the header of the first. */
class LaterRow implements SectionRecord {
  readonly #row: TableRecord;
  readonly fields: readonly string[];
  readonly isReturn?: boolean;

  constructor(row: TableRecord, { order, isReturn }: { order: readonly number[] | null; isReturn: boolean }) {
    this.#row = row;
    this.fields = order === null ? row.fields : order.map((at) => row.fields[at] ?? "");
    // Otherwise the titles above it tell.
    if (isReturn) this.isReturn = true;
  }

  get lineNumber(): number {
    return this.#row.lineNumber;
  }

  get text(): string {
    return this.#row.text;
  }
}

async function* rowsOf(
  path: string,
  chosen: readonly ChosenSheet[],
  count: (bytes: number) => void,
): AsyncGenerator<readonly SectionRecord[]> {
  let before = 0;
  for (const [i, { name, headerLine, order }] of chosen.entries()) {
    const isReturn = chosen.length > 1 && saysReturns(name);
    let last = before;
    for await (const rows of readSheet(path, name, { onBytes: count, rowsBefore: before })) {
      last = rows.at(-1)?.lineNumber ?? last;
      const first = before + headerLine;
      const own = i === 0 ? rows : rows.filter(({ lineNumber }) => lineNumber > first);
      yield order === null && !isReturn ? own : own.map((row) => new LaterRow(row, { order, isReturn }));
    }
    before = last;
  }
}
