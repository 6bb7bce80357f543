import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { CASSANDRA_JARS } from "@keyspaces-segmentation/local-support";
import { runReadmeExample } from "../../../test/support/readme_example.js";

test("the example in the README gives what it says", async () => {
  const directory = await mkdtemp(join(tmpdir(), "cassandra-"));
  try {
    const { logged, stated } = await runReadmeExample("keyspaces-local", {
      '"cassandra-data"': JSON.stringify(directory),
      '"cassandra-jars"': JSON.stringify(CASSANDRA_JARS),
    });
    expect(stated.length).toBeGreaterThan(0);
    expect(logged).toEqual(stated);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
