import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import { noCounts, readSheet, sampleSheet, sheetsOf, type TableRecord } from "@keyspaces-segmentation/table-files";
import { findHeader } from "./header.js";
import type { GivenColumns } from "./map_columns.js";
import type { ReadingRow } from "./reading_row.js";
import type { RecordSource } from "./record_source.js";

/** A sheet that is read, and where its records begin. */
interface ChosenSheet {
  readonly name: string;
  /** Row of its header. */
  readonly headerLine: number;
  readonly sample: readonly TableRecord[];
  readonly whole: boolean;
}

/**
 * Opens a workbook: all visible sheets with the columns of the first that has them, or those that the parameter `sheet` names. Rows of
 * later sheets are counted on from the last row of the one before.
 *
 * @throws StepError where no sheet has the columns, or there is no such sheet
 */
export async function openWorkbook(
  path: string,
  { sheet, columns }: { sheet: string | null; columns: GivenColumns },
  signal?: AbortSignal,
): Promise<RecordSource> {
  const sheets = await sheetsOf(path);
  const wanted =
    sheet === null
      ? null
      : namedSheets(
          sheet,
          sheets.map(({ name }) => name),
        );
  const chosen: ChosenSheet[] = [];
  const left: string[] = [];
  let refusal: unknown;
  let header: readonly string[] | undefined;
  let formulas = 0;
  const currencies = new Map<number, Set<string>>();
  for (const { name, isHidden } of sheets) {
    if (wanted !== null ? !wanted.includes(name) : isHidden) {
      left.push(name);
      continue;
    }
    const { records: sample, whole, notes } = await sampleSheet(path, name, { signal });
    try {
      if (sample.length === 0) throw new StepError({ tried: `read the sheet ${name}`, got: "it is empty" });
      const found = findHeader(sample, columns);
      const isAlike = header === undefined || found.header.join("\0") === header.join("\0");
      if (!isAlike && wanted === null) {
        left.push(name);
        continue;
      }
      if (!isAlike) {
        throw new StepError({
          tried: `read the sheets ${wanted!.join(", ")} as one table`,
          got: `${name} has other columns than ${chosen[0]!.name}`,
          hint: "Name one of them in the parameter `sheet`.",
        });
      }
      header = found.header;
      formulas += notes.formulasWithoutValue;
      for (const [column, signs] of notes.currencies) {
        currencies.set(column, new Set([...(currencies.get(column) ?? []), ...signs]));
      }
      chosen.push({ name, headerLine: found.headerLine, sample, whole });
    } catch (error) {
      if (wanted !== null) throw error;
      refusal ??= error;
      left.push(name);
    }
  }
  if (chosen.length === 0) {
    throw new StepError({
      tried: "find a sheet with invoice lines in the workbook",
      got: `none of its sheets has the columns: ${sheets.map(({ name }) => name).join(", ")}`,
      hint: refusal instanceof Error ? refusal.message : "Name one in the parameter `sheet`.",
      cause: refusal,
    });
  }
  const names = chosen.map(({ name }) => name).join(", ");
  const because = left.length === 0 ? "all that it has" : `left out: ${left.join(", ")}`;
  const rows: ReadingRow[] = [
    { what: "file", readAs: "Excel workbook", because: "its content, whatever its name", confidence: "certain" },
    {
      what: chosen.length === 1 ? "sheet" : "sheets",
      readAs: names,
      because,
      confidence: wanted === null ? "certain" : "given",
    },
  ];
  if (formulas > 0) {
    const because = `${formatPlural(formulas, "cell")} of the sample ${formulas === 1 ? "has a formula" : "have formulas"} whose value the file does not hold`;
    rows.push({ what: "formulas", readAs: "read as empty", because, confidence: "certain" });
  }
  // Of later sheets, without what stands above their records.
  const pieces = chosen.map(({ sample, headerLine }, i) =>
    i === 0 ? sample : sample.filter(({ lineNumber }) => lineNumber > headerLine),
  );
  return {
    rows,
    sample: { pieces, whole: chosen.every(({ whole }) => whole), isSheet: true, currencies },
    records: (count) => rowsOf(path, chosen, count),
    counts: noCounts,
  };
}

async function* rowsOf(
  path: string,
  chosen: readonly ChosenSheet[],
  count: (bytes: number) => void,
): AsyncGenerator<readonly TableRecord[]> {
  let before = 0;
  for (const [i, { name, headerLine }] of chosen.entries()) {
    let last = before;
    for await (const rows of readSheet(path, name, { onBytes: count, rowsBefore: before })) {
      last = rows.at(-1)?.lineNumber ?? last;
      const first = before + headerLine;
      yield i === 0 ? rows : rows.filter(({ lineNumber }) => lineNumber > first);
    }
    before = last;
  }
}

/** Sheets by name, in any case, or by number from 1, with commas between them. */
function namedSheets(wanted: string, names: readonly string[]): string[] {
  const find = (word: string): string | undefined =>
    names.find((name) => name === word) ??
    names.find((name) => name.trim().toLowerCase() === word.trim().toLowerCase()) ??
    (/^\d+$/.test(word.trim()) ? names[Number(word) - 1] : undefined);
  const whole = find(wanted);
  const found =
    whole === undefined
      ? wanted.split(",").map((word) => ({ word, name: find(word) }))
      : [{ word: wanted, name: whole }];
  const missing = found.find(({ name }) => name === undefined);
  if (missing !== undefined) {
    throw new StepError({
      tried: `find the sheet ${JSON.stringify(missing.word)} in the workbook`,
      got: `it has ${formatPlural(names.length, "sheet")}: ${names.map((name, i) => `${formatNumber(i + 1)} ${name}`).join(", ")}`,
      hint: "Set the parameter `sheet` to one of these names or numbers.",
    });
  }
  return found.map(({ name }) => name!);
}
