import { rmSync } from "node:fs";
import "./global_setup.js";
import lenderTeardown from "./lender_teardown.js";

export default async function globalTeardown(): Promise<void> {
  const { stack, directory } = globalThis.testStack ?? {};
  await stack?.stop("discard");
  await lenderTeardown();
  if (directory) rmSync(directory, { recursive: true, force: true });
}
