import { cleanAccount, cleanupOptions, cleanupUsage } from "@keyspaces-segmentation/aws-cleanup";
import { runCommand } from "@keyspaces-segmentation/common";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { signIn } from "./aws.js";
import { policies } from "./preflight.js";
import { sample } from "./retail_data.js";
import { readSettings } from "./settings.js";

const command = { usage: cleanupUsage, options: cleanupOptions, prefix: "SEGMENTATION_" };

/** `npm run cleanup`: lists what runs have left in the account, and removes it. */
void runCommand(command, async ({ environment, json, values }) => {
  const settings = readSettings(sample, environment);
  const { bucket, prefix } = settings.parameters;
  const aws = await signIn(settings);
  const connect = () => connectToKeyspaces(aws, settings);
  const { text, found, failed } = await cleanAccount(connect, aws, { bucket, prefix, policies }, values);
  console.log(json ? JSON.stringify(found, null, 2) : text);
  return failed ? 1 : 0;
});
