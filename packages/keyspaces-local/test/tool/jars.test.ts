import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { checkSums, defaultJars, fetchJars } from "@keyspaces-segmentation/keyspaces-local/dist/tool/jars.js";
import { CASSANDRA_JARS } from "@keyspaces-segmentation/local-support";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jars-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const jar = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
};

test("the jars that Maven has fetched are those that the package was made with", async () => {
  await checkSums(CASSANDRA_JARS);
});

test("a jar that is another one, one too many, and one that is missing are found", async () => {
  const sums = jar("a.jar", "a") + jar("b.jar", "b");
  await checkSums(folder, sums);
  jar("c.jar", "c");
  await expect(checkSums(folder, sums)).rejects.toThrow(
    /^c\.jar is not the jar that is meant: its SHA-256 is [0-9a-f]{64}, not listed$/,
  );
  rmSync(join(folder, "c.jar"));
  jar("b.jar", "another");
  await expect(checkSums(folder, sums)).rejects.toThrow("b.jar is not the jar that is meant");
  rmSync(join(folder, "b.jar"));
  await expect(checkSums(folder, sums)).rejects.toThrow("b.jar is missing among Apache Cassandra's jars");
});

test("they lie in the user's cache, in a folder of their version, and somebody's folder is left alone", async () => {
  const jars = defaultJars({ XDG_CACHE_HOME: "/cache" });
  expect(jars).toMatch(/^\/cache\/keyspaces-local\/cassandra-\d+\.\d+\.\d+$/);
  jar("mine.jar", "mine");
  await expect(fetchJars({ folder })).rejects.toThrow("is there and was not filled by this program");
  const file = join(folder, "mine.jar");
  for (const unusable of [file, join(file, "jars")]) {
    const words = `Expected \`--jars\` to be a folder that can be made and written, got ${JSON.stringify(file)}`;
    await expect(fetchJars({ folder: unusable })).rejects.toThrow(words);
  }
});
