import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll } from "@jest/globals";
import { NOTEBOOK, PYTHON } from "@keyspaces-segmentation/local-support";
import { notebookFiles } from "../../local/notebook/result_files.js";
import type { NotebookRun } from "../../local/notebook/run_notebook.js";
import type { Summary } from "../../src/summary.js";
import { runCells } from "./cells.js";

const folder = mkdtempSync(join(tmpdir(), "results-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Runs the notebook on this data and reads what it leaves. Keyspace and prefix are named as the run unless another keyspace is given:
 * runs below one prefix know of each other.
 *
 * @param how in the kernel, with its page and pictures; by default only what its cells do
 */
export async function segment(
  name: string,
  csv: string | Uint8Array,
  parameters: NodeJS.ProcessEnv,
  {
    outputDirectory = join(folder, name),
    how = runCells,
  }: { outputDirectory?: string; how?: (run: NotebookRun) => Promise<unknown> } = {},
): Promise<Segmented> {
  const s3 = new S3Client({});
  const Key = `${name}.csv`;
  await s3.send(new PutObjectCommand({ Bucket: process.env.SEGMENTATION_DATA_BUCKET, Key, Body: csv }));
  s3.destroy();
  await how({
    python: PYTHON,
    notebook: NOTEBOOK,
    outputDirectory,
    environment: {
      ...process.env,
      SEGMENTATION_HEADLESS: "1",
      SEGMENTATION_OUTPUT_DIRECTORY: outputDirectory,
      SEGMENTATION_DATA_KEY: Key,
      SEGMENTATION_KEYSPACE: name,
      SEGMENTATION_PREFIX: parameters.SEGMENTATION_KEYSPACE ?? name,
      // The stack goes with the tests, and dropping tables one by one takes longer than making them.
      SEGMENTATION_CLEAN_UP: "false",
      ...parameters,
    },
  });
  return readSegmented(outputDirectory);
}

export type Segmented = ReturnType<typeof readSegmented>;

/** What a run has left in the folder of its results. */
export function readSegmented(outputDirectory: string) {
  // The files hold quotes only around names with commas, and no field runs over a line end.
  const rowsOf = (file: string) =>
    readFileSync(join(outputDirectory, file), "utf8")
      .trimEnd()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) => field as string));
  const [notebook, html] = notebookFiles(NOTEBOOK).map((file) => join(outputDirectory, file)) as [string, string];
  const executed = JSON.parse(readFileSync(notebook, "utf8")) as {
    cells: { id: string; outputs: { data?: Record<string, string | string[]> }[] }[];
  };
  /** Cluster and distance of each new customer, as the tables of a cell show them. */
  const assignedIn = (id: string) => {
    const { outputs } = executed.cells.find((cell) => cell.id === id)!;
    const text = outputs.map(({ data }) => [data?.["text/plain"] ?? ""].flat().join("")).join("\n");
    return [...text.matchAll(/^ *new-\d +(\d+) +([\d.]+)/gm)].map(([, cluster, distance]) => [cluster, distance]);
  };
  return {
    notebook,
    html,
    assignedIn,
    summary: JSON.parse(readFileSync(join(outputDirectory, "summary.json"), "utf8")) as Summary,
    customers: rowsOf("customers.csv"),
    clusters: rowsOf("clusters.csv"),
    rejects: rowsOf("rejects.csv"),
  };
}
