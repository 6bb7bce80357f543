import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startMoto } from "@keyspaces-segmentation/aws-local/dist/moto.js";
import { PYTHON } from "@keyspaces-segmentation/local-support";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "moto-test-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("two run side by side, each on its own port, and stop", async () => {
  const [first, second] = await Promise.all([startMoto({ python: PYTHON, directory }), startMotoElsewhere()]);
  expect(first.port).not.toBe(second.port);
  expect((await fetch(`http://127.0.0.1:${first.port}/moto-api/`)).status).toBe(200);
  await Promise.all([first.stop(), second.stop()]);
  await expect(fetch(`http://127.0.0.1:${first.port}/moto-api/`)).rejects.toThrow("fetch failed");
});

const startMotoElsewhere = () => startMoto({ python: PYTHON, directory: mkdtempSync(join(directory, "second-")) });

test("a Python that cannot run it is named, with what it said", async () => {
  const starting = startMoto({ python: process.execPath, directory });
  await expect(starting).rejects.toThrow(/moto exited with code 9\.\nCommand: .*\n.*\n.*bad option: -m/);
});
