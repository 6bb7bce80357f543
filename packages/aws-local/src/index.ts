export { type AwsFront, type RpcService, startAwsFront } from "./front.js";
export { KEPT_OBJECTS, restoreObjects, saveObjects } from "./kept_objects.js";
export { startMoto } from "./moto.js";
export { readTrainingChance, type TrainingChance } from "./sagemaker/training_chance.js";
