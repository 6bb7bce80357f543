export {
  computeFeatures,
  type FeaturesOptions,
  type FeaturesParameters,
  type FeaturesRequest,
  type FeaturesSettings,
  type JobFiles,
  type RemovalParameters,
  type RemovedFeatures,
  removeFeatures,
  type SparkFeatures,
} from "./features.js";
export { findSparkJob, type SparkJob, type SparkRun } from "./find_spark_job.js";
export { SPARK_NULL_WORDS, SPARK_PARAMETER_WORDS, type SparkParameters, sparkParameters } from "./spark_parameters.js";
