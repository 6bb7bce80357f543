import type { AwsError } from "@keyspaces-segmentation/local-support";
import type { TrainingChance } from "./training_chance.js";

/** What whoever starts the stand-in says about SageMaker. */
export interface SageMakerSettings {
  /** How many instances of a type the account may use at once, by the quota's name: `ml.p3.2xlarge for training job usage`. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** "data" unless given. */
  readonly trainingChance?: TrainingChance | undefined;
  /** For tests: what an operation fails with before it begins. */
  readonly fail?: (operation: string) => AwsError | undefined;
}
