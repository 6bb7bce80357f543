export { assignByBatchTransform } from "./batch_transform.js";
export { assignByEndpoint, withEndpoint } from "./endpoint.js";
export { steadyHyperparameters } from "./hyperparameters.js";
export { hasKMeans } from "./image.js";
export { fetchModel, storeModel } from "./model_file.js";
export { requireFloat32 } from "./training_data.js";
export { followTraining, type TrainingResult, trainKMeans } from "./training_job.js";
