import { type Money, moneyOf } from "@keyspaces-segmentation/common";
import { notesText } from "@keyspaces-segmentation/invoice-files";
import type { FileReport } from "@keyspaces-segmentation/invoice-store";
import {
  type DataFile,
  ingestText,
  type Load,
  loadFile,
  loadsOf,
  overlapText,
  remarksOf,
} from "@keyspaces-segmentation/invoice-store";
import { rulesText, warningsOf } from "@keyspaces-segmentation/invoices";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { markdown, showTable, text } from "@keyspaces-segmentation/notebook-charts";
import type { Settings } from "./settings.js";
import { runStep } from "./step.js";

/** What became of the lines of a file, and all files that the table is made of, the oldest first. */
export interface Loaded extends FileReport {
  readonly loads: readonly Load[];
  readonly rejectsFile: string;
  /** How its amounts are worded: in the currency of the parameters, else in that of the file. */
  readonly money: Money;
}

/** How amounts are worded. */
export type Worded = Pick<Loaded, "money">;

/**
 * Step 5: loads the file into the table and puts it on record; see `loadFile`. An interrupted load goes on from where it was.
 *
 * @throws StepError when the file cannot be read, too many lines are rejected, or the service fails for good
 */
export async function load(
  db: KeyspacesClient,
  data: DataFile & { readonly currency: string | null },
  { parameters, costs }: Settings,
): Promise<Loaded> {
  costs.begin("ingest");
  const rejectsFile = `${parameters.outputDirectory}/rejects.csv`;
  const { kmsKey, maxRowsPerSecond, reuse, maxRejects } = parameters;
  const report = await runStep(
    "Ingest",
    ({ signal, update }) =>
      loadFile(db, parameters, data, {
        reuse,
        maxRejects,
        maxRowsPerSecond: maxRowsPerSecond ?? Number.POSITIVE_INFINITY,
        kmsKey,
        rejectsFile,
        signal,
        onProgress: (state) => update({ fraction: state.fraction, text: ingestText(state) }),
      }),
    ({ stored, lines }) => text`${stored} of ${lines} lines are stored`,
  );
  const money = moneyOf(data.file.currency ?? data.currency);
  return { ...report, loads: await loadsOf(db, parameters), rejectsFile, money };
}

/** The rows that a file's lines are: a line that is in the file twice is one. */
export const rowsOf = ({ stored, file }: Pick<FileReport, "stored" | "file">): number => stored - file.repeated.lines;

/** Shows what became of the lines of the file, and what of it to look at before its figures are believed. */
export function showLoad(loaded: Loaded, now: Date = new Date()): void {
  const { lines, stored, rejected, resumed, reused, reads, requests, retries, overlap, file, notes, money } = loaded;
  showTable([{ lines, stored, rejected, reads, requests, retries }], {
    caption: "What became of the lines of the file",
  });
  markdown`**${stored} + ${rejected} = ${lines}**: every line is either stored or in \`rejects.csv\`.`;
  for (const sentence of [...remarksOf(loaded, { money }), ...rulesText(file.rules), ...notesText(notes)])
    if (sentence !== "") markdown`${sentence}`;
  for (const warning of warningsOf(file, { now, money })) markdown`**Before you believe the figures:** ${warning}`;
  if (resumed > 0) markdown`An earlier, interrupted run had settled ${resumed} of them.`;
  if (overlap.invoices > 0) markdown`${reused ? "When it was loaded: " : ""}${overlapText(overlap, { money })}`;
  if (reused) markdown`This very file was in the table already: **nothing was written** this time.`;
}

/** Shows the files that the table is made of. */
export function showFiles({ loads, money }: Pick<Loaded, "loads" | "money">): void {
  const files = loads.map(({ uri, loadedAt, lines, stored, overlap, amount }) => {
    return { file: uri, loaded: loadedAt, lines, rows: stored, alreadyThere: overlap.same.lines, amount };
  });
  showTable(files, { caption: "Files that this table was made of", money });
}
