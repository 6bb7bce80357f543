import { FILE_NULL_WORDS, FILE_PARAMETER_WORDS } from "@keyspaces-segmentation/invoice-files";
import type { Parameters } from "./settings.js";

/** What each parameter is, in a few words for the reader of a notebook. */
export const PARAMETER_WORDS: Readonly<Record<keyof Parameters, string>> = {
  dataBucket: "S3 bucket of the retail CSV",
  dataKey: "its key in that bucket",
  ...FILE_PARAMETER_WORDS,
  keyspace: "keyspace to create or to go on with",
  table: "table of the invoice lines",
  preparation: "how returns count",
  analysisDate: "day from which recency counts",
  recencyCuts: "four bounds for the scores of recency, in days",
  frequencyCuts: "the same of frequency, in invoices",
  monetaryCuts: "the same of monetary value",
  scaling: "how the features come to one scale",
  k: "number of clusters",
  instanceType: "what trains, and transforms batches",
  instances: "how many of them train",
  format: "how the training data are written",
  spot: "train on spot instances: cheaper, perhaps later",
  whenLeft: "what becomes of a training job whose cell is interrupted",
  reuse: "go on from an earlier run's load and training",
  kmsKey: "KMS key for the files in S3",
  scoring: "what assigns new customers",
  bucket: "S3 bucket for data, model and results",
  prefix: "where in it they lie",
  accessRole: "role to assume first, for all that the notebook does",
  executionRole: "role that the training job runs as",
  outputDirectory: "folder for the results",
  maxRejects: "stop when more lines than that, or a greater share, cannot be stored",
  resultsTtlDays: "days after which results in Keyspaces expire",
  cleanUp: "drop everything in the last step",
};

type Nullable = { [Name in keyof Parameters]: null extends Parameters[Name] ? Name : never }[keyof Parameters];

/** What a parameter that is null stands for. */
export const NULL_WORDS: Readonly<Record<Nullable, string>> = {
  ...FILE_NULL_WORDS,
  analysisDate: "day of the last invoice",
  recencyCuts: "fifths of the customers",
  frequencyCuts: "fifths of the customers",
  monetaryCuts: "fifths of the customers",
  kmsKey: "S3's own",
  bucket: "SageMaker's default bucket",
  accessRole: "none: whoever is signed in",
  executionRole: "the one of this environment",
  resultsTtlDays: "never",
};
