export { askKms } from "./authorise/moto_kms.js";
export { type AwsFront, type AwsFrontOptions, startAwsFront } from "./front.js";
export type { SparkSettings } from "./glue/settings.js";
export { KEPT_OBJECTS, restoreObjects, saveObjects } from "./kept_objects.js";
export { startMoto } from "./moto.js";
export type { RpcService } from "./rpc_service.js";
export { readTrainingChance, type TrainingChance } from "./sagemaker/training_chance.js";
