import "./lender_setup.js";

export default async function lenderTeardown(): Promise<void> {
  const lender = globalThis.testLender;
  globalThis.testLender = undefined;
  await lender?.stop();
}
