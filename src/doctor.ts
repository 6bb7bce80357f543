import { parseArgs } from "node:util";
import { reportText } from "@keyspaces-segmentation/aws-doctor";
import { messageOf, printable, StepError } from "@keyspaces-segmentation/common";
import { signIn } from "./aws.js";
import { preflight } from "./preflight.js";
import { sampleBucket, sampleKey } from "./retail_data.js";
import { readSettings } from "./settings.js";

const usage = "usage: npm run doctor -- [--param name=value]... [--json]";

/** `npm run doctor`: what step 1 of the notebook looks at, without making anything. @returns the exit code */
async function doctor(args: string[]): Promise<number> {
  const options = { param: { type: "string", multiple: true }, json: { type: "boolean" } } as const;
  const { param = [], json } = parseArgs({ args, options }).values;
  const variables = param.map((pair) => {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    return [`SEGMENTATION_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`, value];
  });
  const environment = { ...process.env, ...Object.fromEntries(variables) };
  const settings = readSettings({ dataBucket: sampleBucket, dataKey: sampleKey }, environment);
  const { checks } = await preflight(await signIn(settings), settings, { createBucket: false });
  console.log(json ? JSON.stringify(checks, null, 2) : reportText(checks));
  return checks.some(({ state }) => state === "to do") ? 1 : 0;
}

doctor(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const hint = error instanceof StepError && error.hint ? `\n${error.hint}` : "";
    const isUsage = (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    console.error(printable(messageOf(error)) + (isUsage ? `\n${usage}` : hint));
    process.exitCode = isUsage ? 2 : 1;
  },
);
