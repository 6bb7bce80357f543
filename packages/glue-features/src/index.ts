export {
  type AssignmentRequest,
  assignBySpark,
  type NamedCentroid,
  type SparkAssignment,
} from "./assignment.js";
export {
  computeFeatures,
  type FeaturesOptions,
  type FeaturesParameters,
  type FeaturesRequest,
  type FeaturesSettings,
  type SparkFeatures,
} from "./features.js";
export { findSparkJobs, type SparkJob, type SparkRun } from "./find_spark_jobs.js";
export type { JobFiles } from "./job_files.js";
export { isFeature, isJobFile } from "./keys.js";
export type { StoredFeatures } from "./manifest.js";
export { type RemovalParameters, type RemovalRequest, type RemovedFeatures, removeFeatures } from "./removal.js";
export {
  type CheckedParameters,
  requireSpark,
  SPARK_NULL_WORDS,
  SPARK_PARAMETER_WORDS,
  type SparkParameters,
  sparkParameters,
} from "./spark_parameters.js";
