import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeTogether } from "@keyspaces-segmentation/local-support";
import { joined, readNotebook } from "./notebook_file.js";
import { NotebookError } from "./run_notebook.js";

/** The pictures that the README shows: of which cell, in which file. */
const README_PICTURES = { scatter: "result.png", profile: "clusters.png" } as const;

/**
 * Takes the README's pictures out of an executed notebook.
 *
 * @returns the files written
 * @throws NotebookError when the notebook is not there or a cell shows no picture; then none is written
 */
export function takePictures(executed: string, folder: string): string[] {
  if (!existsSync(executed)) throw new NotebookError(`There is no ${executed}: \`npm start\` makes it`);
  const { cells } = readNotebook(executed);
  const pictures = Object.entries(README_PICTURES).map(([id, name]) => {
    const outputs = cells.find((cell) => cell.id === id)?.outputs ?? [];
    const png = outputs.map(({ data }) => data?.["image/png"]).find((picture) => picture !== undefined);
    if (png === undefined)
      throw new NotebookError(`The cell ${id} of ${executed} shows no picture: \`npm start\` makes them`);
    return { path: join(folder, name), bytes: Buffer.from(joined(png as string | string[]), "base64") };
  });
  mkdirSync(folder, { recursive: true });
  writeTogether(pictures);
  return pictures.map(({ path }) => path);
}
