import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "./quiet_sdk.js";
import type { Partitioner } from "@keyspaces-segmentation/keyspaces-local";
import { CASSANDRA_JARS, PYTHON } from "@keyspaces-segmentation/local-support";
import { chooseData } from "../../local/data/choose_data.js";
import { type Stack, type StackOptions, startStack } from "../../local/stack.js";
import { neverRestarted } from "./java_options.js";
import lenderSetup from "./lender_setup.js";
import { SHARED_FOLDER_VARIABLE, STACK_VARIABLE } from "./stack_variable.js";

export interface TestStack {
  stack: Stack;
  directory: string;
}

declare global {
  // The one way Jest hands something from its global set-up to its global teardown.
  var testStack: TestStack | undefined;
}

/** One stack for all integration tests; they find it as a user's notebook would, through the environment. */
export default async function globalSetup(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "stack-"));
  const options: StackOptions = {
    directory,
    jars: CASSANDRA_JARS,
    python: PYTHON,
    region: "us-east-1",
    data: chooseData(null),
    // To run them against an account that has chosen its partitioner.
    partitioner: process.env.KEYSPACES_PARTITIONER as Partitioner | undefined,
  };
  const stack = await neverRestarted(() => startStack(options));
  await lenderSetup();
  process.env[SHARED_FOLDER_VARIABLE] = mkdtempSync(join(directory, "shared-"));
  process.env[STACK_VARIABLE] = JSON.stringify(stack.environment);
  globalThis.testStack = { stack, directory };
}
