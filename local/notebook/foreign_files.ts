import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { LISTS, notebookFiles, previousIn, SUMMARY } from "./result_files.js";

const beginnings: Readonly<Record<string, string>> = {
  "customers.csv": "customer_id,country,recency_days,",
  "clusters.csv": "cluster,name,customers,",
  "rejects.csv": "line_number,reason,",
};

/** Whether a text is what a run leaves under that name; one that was broken off at its start holds nothing that could be lost. */
function isResult(name: string, text: string): boolean {
  if (text === "") return true;
  const beginning = beginnings[name];
  if (beginning !== undefined) return text.startsWith(beginning) || beginning.startsWith(text);
  if (name === "segments.html") return text.includes("<title>Customer segments as of ");
  if (name === SUMMARY) return ["dataset", "ledger", "training", "clusters"].every((key) => text.includes(`"${key}":`));
  // The notebook, and the page made of it: both show the cells' code.
  return /keyspaces-segmentation/.test(text);
}

/**
 * Files that have the names of results and are not the results of a run: to write results there would destroy them.
 *
 * @param directory the folder of the results
 * @param notebook the notebook that runs, for its name; results in its own folder would take its place
 */
export function foreignFiles(directory: string, notebook: string): string[] {
  const names = [...notebookFiles(notebook), ...LISTS];
  const paths = [directory, previousIn(directory), join(directory, "share")].flatMap((folder) =>
    names.map((name) => ({ name, path: join(folder, name) })),
  );
  return paths
    .filter(({ name, path }) => {
      if (!existsSync(path)) return false;
      if (resolve(path) === resolve(notebook) || !statSync(path).isFile()) return true;
      return !isResult(name, readFileSync(path, "latin1"));
    })
    .map(({ path }) => path);
}
