import { rmSync } from "node:fs";
import "./global_setup.js";

export default async function globalTeardown(): Promise<void> {
  const { stack, directory } = globalThis.testStack ?? {};
  await stack?.stop("discard");
  if (directory) rmSync(directory, { recursive: true, force: true });
}
