export { hasKMeans, steadyHyperparameters } from "./algorithm.js";
export { assignByBatchTransform } from "./batch_transform.js";
export { assignByEndpoint, withEndpoint } from "./endpoint.js";
export { findMade, type MadeThing } from "./made_things.js";
export { fetchModel, storeModel } from "./model_artifact.js";
export {
  jobGuards,
  NETWORK_NULL_WORDS,
  NETWORK_PARAMETER_WORDS,
  type NetworkParameters,
  networkParameters,
  requireNetwork,
} from "./network_parameters.js";
export { isNoteOfUse, noteOfUse } from "./note_of_use.js";
export type { StoredFeatures } from "./requests.js";
export { trainingObjects } from "./training_data.js";
export { followTraining, type TrainingResult, trainKMeans } from "./training_job.js";
