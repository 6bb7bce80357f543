import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "@keyspaces-segmentation/common";
import { generateRetailCsv } from "../../local/data/generate.js";
import { runNotebook } from "../../local/notebook/run_notebook.js";
import { retailOracle } from "./oracle.js";
import { readSegmented, type Segmented, segment } from "./segment.js";
import { SHARED_FOLDER_VARIABLE } from "./stack_variable.js";

/** The key that the objects of the shared run are encrypted with. */
export const kmsKey = "1234abcd-12ab-34cd-56ef-1234567890ab";

/** Name of the shared run's keyspace and prefix. */
export const sharedName = "shared_run";

/**
 * One run of the whole notebook for the suites that only read what it leaves: on the oracle's data, with the published settings. The suite
 * that asks first makes it, the others wait.
 */
export async function sharedRun(): Promise<Segmented> {
  const folder = join(process.env[SHARED_FOLDER_VARIABLE] as string, "run");
  const outcome = `${folder}.json`;
  try {
    mkdirSync(folder);
  } catch {
    const look = async () => (existsSync(outcome) ? { done: true, seen: "made" } : { seen: "being made" });
    await waitUntil("the shared run of the notebook", look, { deadlineMs: 900_000, maxDelayMs: 1000 });
    const { failure } = JSON.parse(readFileSync(outcome, "utf8")) as { failure?: string };
    if (failure !== undefined) throw new Error(`The shared run of the notebook, made by another suite: ${failure}`);
    return readSegmented(folder);
  }
  const end = (told: object) => writeFileSync(outcome, JSON.stringify(told), { flush: true });
  try {
    const csv = generateRetailCsv({ seed: retailOracle.seed, customers: retailOracle.customers });
    const parameters = {
      // More than there are new customers: a batch transform on as many would be refused.
      SEGMENTATION_INSTANCES: "4",
      SEGMENTATION_KMS_KEY: kmsKey,
      SEGMENTATION_CLEAN_UP: "false",
      SEGMENTATION_SCORING: "batch_transform",
      SEGMENTATION_PREPARATION: "net",
      SEGMENTATION_SCALING: "min_max",
      SEGMENTATION_K: "6",
    };
    const made = await segment(sharedName, csv, parameters, { outputDirectory: folder, how: runNotebook });
    end({});
    return made;
  } catch (error) {
    end({ failure: (error as Error).message });
    throw error;
  }
}
