import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

/** Written last of what a run finds: where it is, the results are all there. */
export const SUMMARY = "summary.json";

/** Of an ingest that was interrupted; the rejects beside it belong to it, and it goes on behind them. */
const CHECKPOINT = "ingest.checkpoint.json";

/** What a run leaves besides its notebook and page. */
export const LISTS: readonly string[] = ["segments.html", "customers.csv", "clusters.csv", "rejects.csv", SUMMARY];

/** The executed notebook and the page made of it. */
export function notebookFiles(notebook: string): [executed: string, html: string] {
  const name = basename(notebook, ".ipynb");
  return [`${name}.ipynb`, `${name}.html`];
}

/** Where the results of the last complete run wait while another is under way, and stay if that one fails. */
export const previousIn = (directory: string): string => join(directory, "previous");

/**
 * Takes earlier results out of a folder before a run writes there, so that those of two runs never lie side by side: complete
 * ones move to `previous`, and what a failed run has left is removed. Files of other names are left alone.
 */
export function setResultsAside(directory: string, notebook: string): void {
  const names = [...notebookFiles(notebook), ...LISTS].filter(
    (name) => existsSync(join(directory, name)) && !(name === "rejects.csv" && existsSync(join(directory, CHECKPOINT))),
  );
  const complete = names.includes(SUMMARY);
  if (complete) {
    dropPrevious(directory, notebook);
    mkdirSync(previousIn(directory), { recursive: true });
  }
  for (const name of names) {
    if (complete) renameSync(join(directory, name), join(previousIn(directory), name));
    else rmSync(join(directory, name));
  }
}

/** Removes the results that were set aside, once there are new ones. */
export function dropPrevious(directory: string, notebook: string): void {
  const previous = previousIn(directory);
  if (!existsSync(previous)) return;
  for (const name of [...notebookFiles(notebook), ...LISTS]) rmSync(join(previous, name), { force: true });
  if (readdirSync(previous).length === 0) rmdirSync(previous);
}
