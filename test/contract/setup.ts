import globalSetup from "../support/global_setup.js";
import { targetIn } from "./target.js";

/** The stack of the integration tests, unless it is an account that is tried. */
export default async function contractSetup(): Promise<void> {
  if (targetIn(process.env).name === "AWS") return;
  // So that nothing of somebody's own account is met by chance.
  for (const name of Object.keys(process.env))
    if (/^(AWS_|KEYSPACES_|SEGMENTATION_)/.test(name)) delete process.env[name];
  await globalSetup();
}
