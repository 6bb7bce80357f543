import globalTeardown from "../support/global_teardown.js";

/** Stops the stack, where there is one. */
export default async function contractTeardown(): Promise<void> {
  await globalTeardown();
}
