import { SPARK_NULL_WORDS, SPARK_PARAMETER_WORDS } from "@keyspaces-segmentation/glue-features";
import { FILE_NULL_WORDS, FILE_PARAMETER_WORDS } from "@keyspaces-segmentation/invoice-files";
import { showTable } from "@keyspaces-segmentation/notebook-charts";
import { NETWORK_NULL_WORDS, NETWORK_PARAMETER_WORDS } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Parameters, Settings } from "./settings.js";

/** A row a parameter: its value in words, where that came from, and what it is. */
export function settingsRows({ parameters, sources }: Pick<Settings, "parameters" | "sources">): {
  readonly parameter: keyof Parameters;
  readonly value: string;
  readonly from: string;
  readonly meaning: string;
}[] {
  const nulls: Partial<Record<keyof Parameters, string>> = NULL_WORDS;
  return (Object.keys(parameters) as (keyof Parameters)[]).map((parameter) => ({
    parameter,
    value: parameters[parameter] === null ? (nulls[parameter] ?? "none") : String(parameters[parameter]),
    from: sources[parameter],
    meaning: PARAMETER_WORDS[parameter],
  }));
}

/** Shows every parameter of the run. */
export function showSettings(settings: Settings): void {
  const rows = settingsRows(settings);
  showTable(rows, { caption: "Parameters of this run", limit: rows.length });
}

/** What each parameter is, in a few words for the reader of a notebook. */
export const PARAMETER_WORDS: Readonly<Record<keyof Parameters, string>> = {
  dataBucket: "S3 bucket of the retail CSV",
  dataKey: "its key in that bucket",
  ...FILE_PARAMETER_WORDS,
  ...NETWORK_PARAMETER_WORDS,
  ...SPARK_PARAMETER_WORDS,
  keyspace: "keyspace to create or to continue in",
  table: "table of the invoice lines",
  preparation: "how returns count",
  analysisDate: "day from which recency counts",
  recencyCuts: "four bounds for the scores of recency, in days",
  frequencyCuts: "the same of frequency, in invoices",
  monetaryCuts: "the same of monetary value",
  scaling: "how the features are scaled",
  k: "number of clusters",
  instanceType: "instance type for training and batch transform",
  instances: "number of instances for training",
  format: "how the training data are written",
  spot: "train on spot instances: cheaper, perhaps later",
  whenLeft: "what becomes of a training job whose cell is interrupted",
  reuse: "continue from an earlier run's load and training",
  read: "read only what changed since the last run, or the whole table",
  kmsKey: "KMS key for tables, files in S3 and jobs",
  scoring: "what assigns new customers",
  bucket: "S3 bucket for data, model and results",
  prefix: "key prefix in that bucket",
  accessRole: "role to assume first, for all that the notebook does",
  executionRole: "role that the training job runs as",
  outputDirectory: "folder for the results",
  maxRejects: "stop when more lines, or a larger share, cannot be stored",
  maxRowsPerSecond: "rows written in a second at most",
  resultsTtlDays: "days after which results in Keyspaces expire",
  budgetUsd: "US dollars that the run may cost",
  cleanUp: "drop what was created, in the last step",
};

type Nullable = { [Name in keyof Parameters]: null extends Parameters[Name] ? Name : never }[keyof Parameters];

/** What a parameter that is null stands for. */
export const NULL_WORDS: Readonly<Record<Nullable, string>> = {
  ...FILE_NULL_WORDS,
  ...NETWORK_NULL_WORDS,
  ...SPARK_NULL_WORDS,
  analysisDate: "day of the last invoice",
  recencyCuts: "fifths of the customers",
  frequencyCuts: "fifths of the customers",
  monetaryCuts: "fifths of the customers",
  kmsKey: "each service's own",
  bucket: "SageMaker's default bucket",
  accessRole: "none: whoever is signed in",
  executionRole: "that of this environment",
  maxRowsPerSecond: "as fast as the service takes them",
  resultsTtlDays: "never",
  budgetUsd: "no limit",
};
