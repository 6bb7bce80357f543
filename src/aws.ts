/** Who I am in AWS, and what I may use. */
import { type AwsSession, signIn as signInAs } from "@keyspaces-segmentation/aws-session";
import type { Settings } from "./settings.js";

export { estimateCosts, showCosts } from "./costs.js";
export { preflight } from "./preflight.js";
export { remove } from "./remove.js";

/** Finds out who we are, as the role of `accessRole` if there is one; what is sent from then on is counted. @throws StepError */
export const signIn = ({ region, run, costs, parameters: { accessRole } }: Settings): Promise<AwsSession> =>
  signInAs({ region, accessRole, run }, { onRequest: (request) => costs.meter.onRequest(request) });
