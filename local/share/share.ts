import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeTogether } from "@keyspaces-segmentation/local-support";
import { checkExecuted } from "../notebook/check_executed.js";
import { LISTS, notebookFiles } from "../notebook/result_files.js";
import { accountsIn, mask } from "./mask.js";

/** There is nothing that could be shared; the message says what is missing and how to get it. */
export class ShareError extends Error {}

/** What was put together to be sent. */
export interface Shared {
  folder: string;
  files: string[];
  /** How many AWS accounts were masked. */
  accounts: number;
}

/**
 * Copies the results of a run into its folder `share`, to be sent to others: AWS account ids and access keys are masked,
 * and not a byte besides. A folder, not an archive: it can be looked through before it goes out, and needs no other program.
 *
 * @param directory the results of a complete run, as `npm start` leaves them
 * @param notebook the notebook that was run, for its name
 * @throws ShareError when files are missing, the notebook did not run to its end, they are of different runs, or the copies cannot be written
 */
export function share(directory: string, notebook: string): Shared {
  const names = [...notebookFiles(notebook), ...LISTS];
  const missing = names.filter((name) => !existsSync(join(directory, name)));
  if (missing.length > 0) throw new ShareError(missingText(directory, notebook, missing));
  // Byte for byte: what is masked is ASCII in any encoding that occurs here.
  const texts = new Map(names.map((name) => [name, readFileSync(join(directory, name), "latin1")]));
  checkOneRun(directory, notebook, texts);

  const accounts = accountsIn([...texts.values()]);
  const masked = [...texts].map(([name, text]) => [name, mask(text, accounts)] as const);
  const folder = join(directory, "share");
  mkdirSync(folder, { recursive: true });
  try {
    writeTogether(masked.map(([name, text]) => ({ path: join(folder, name), bytes: Buffer.from(text, "latin1") })));
  } catch (error) {
    const cause = (error as Error).message;
    throw new ShareError(
      `The files to send could not be written to ${folder}: ${cause}. What was there before still is`,
      {
        cause: error,
      },
    );
  }
  return { folder, files: names, accounts: accounts.length };
}

function missingText(directory: string, notebook: string, missing: readonly string[]): string {
  const list = missing.join(", ");
  const [executed, html] = notebookFiles(notebook);
  const only = missing.every((name) => name === executed || name === html);
  const hint = only
    ? `of a notebook run by hand, save it, copy it there, and make the page with \`jupyter nbconvert --to html ${join(directory, executed)}\``
    : "run `npm start` first, or the notebook to its end";
  return `There is no complete run to share in ${directory}, ${list} ${missing.length > 1 ? "are" : "is"} missing: ${hint}`;
}

function checkOneRun(directory: string, notebook: string, texts: ReadonlyMap<string, string>): void {
  const [executed] = notebookFiles(notebook);
  const [problem] = checkExecuted(join(directory, executed));
  if (problem) {
    throw new ShareError(`The notebook in ${directory} did not run to its end (${problem}): run \`npm start\` again`);
  }
  const { run } = JSON.parse(texts.get("summary.json")!) as { run: string };
  if (!texts.get(executed)!.includes(run)) {
    throw new ShareError(
      `The notebook and the lists in ${directory} are of different runs, ${run} is not in the notebook: run \`npm start\` again`,
    );
  }
}
