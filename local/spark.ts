import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SparkSettings } from "@keyspaces-segmentation/aws-local";
import { SPARK } from "@keyspaces-segmentation/local-support";

/** How the stack's Glue runs scripts: with the Spark of the set-up, where it is installed. */
export function installedSpark(folder: string = SPARK): SparkSettings {
  const [submit, python] = ["spark-submit", "python"].map((name) => join(folder, "bin", name)) as [string, string];
  return {
    submit: existsSync(join(folder, ".ready")) && existsSync(submit) ? submit : undefined,
    install: "node setup.mjs --spark installs it",
    environment: () => ({ PYSPARK_PYTHON: python, PYSPARK_DRIVER_PYTHON: python }),
  };
}
