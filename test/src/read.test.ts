import { expect, test } from "@jest/globals";
import { read } from "../../src/read.js";

const never = undefined as never;

test("step 6 says that step 5 has not come to its end, where its cell has left nothing", async () => {
  const settings = { parameters: { analysisDate: null }, costs: {} } as never;
  await expect(read(never, never, { preflight: never, loaded: never }, settings)).rejects.toThrow(
    "Could not read the table: step 5 has not loaded a file.",
  );
});
