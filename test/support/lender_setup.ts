import "./quiet_sdk.js";
import { SHORT_LIVED } from "./java_options.js";
import { type Lender, startLender } from "./lender.js";

declare global {
  // The one way Jest hands something from its global set-up to its global teardown.
  var testLender: Lender | undefined;
}

/** For the suites that borrow services. None is started before one does, and one set-up serves all projects of a run. */
export default async function lenderSetup(): Promise<void> {
  process.env.JAVA_TOOL_OPTIONS = SHORT_LIVED;
  globalThis.testLender ??= await startLender();
}
