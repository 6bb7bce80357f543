import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { PYTHON } from "@keyspaces-segmentation/local-support";
import { runReadmeExample } from "../../../test/support/readme_example.js";

test("the example in the README gives what it says", async () => {
  const directory = await mkdtemp(join(tmpdir(), "moto-"));
  try {
    const { logged, stated } = await runReadmeExample("aws-local", {
      '"python3"': JSON.stringify(PYTHON),
      'directory: "."': `directory: ${JSON.stringify(directory)}`,
    });
    expect(stated.length).toBeGreaterThan(0);
    expect(logged).toEqual(stated);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
