import { afterEach, beforeEach } from "@jest/globals";

/** Sets environment variables for every test of a file (undefined: unset) and puts the old ones back afterwards. */
export function withEnvironment(variables: () => Record<string, string | undefined>): void {
  let before: NodeJS.ProcessEnv;
  beforeEach(() => {
    before = { ...process.env };
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
    for (const [name, value] of Object.entries(variables())) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  afterEach(() => {
    process.env = before;
  });
}
