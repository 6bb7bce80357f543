/** Who I am in AWS, and what I may use. */
import { type AwsSession, signIn as signInAs } from "@keyspaces-segmentation/aws-session";
import type { Settings } from "./settings.js";

export { preflight } from "./preflight.js";
export { remove } from "./remove.js";

/** Step 1: signs in, and assumes the role of the parameter `accessRole`, if there is one. @throws StepError */
export const signIn = ({ region, parameters: { accessRole } }: Settings): Promise<AwsSession> =>
  signInAs({ region, accessRole });
