import { reportText } from "@keyspaces-segmentation/aws-doctor";
import { runCommand } from "@keyspaces-segmentation/common";
import { signIn } from "./aws.js";
import { preflight } from "./preflight.js";
import { sample } from "./retail_data.js";
import { readSettings } from "./settings.js";

const usage = "npm run doctor -- [--param name=value]... [--json]";

/** `npm run doctor`: what step 1 of the notebook looks at, without making anything. */
void runCommand({ usage, prefix: "SEGMENTATION_" }, async ({ environment, json }) => {
  const settings = readSettings(sample, environment);
  const { checks } = await preflight(await signIn(settings), settings, { createBucket: false });
  console.log(json ? JSON.stringify(checks, null, 2) : reportText(checks));
  return checks.some(({ state }) => state === "to do") ? 1 : 0;
});
