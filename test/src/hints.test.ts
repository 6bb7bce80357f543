import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { readSettings } from "../../src/settings.js";

const folders = ["src", ...readdirSync(join(ROOT, "packages")).map((part) => join("packages", part, "src"))];
const sources = folders
  .filter((folder) => !/-local\b|local-/.test(folder))
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => ({ path: join(folder, path), text: readFileSync(join(ROOT, folder, path), "utf8") })),
  );

const parameters = Object.keys(readSettings({ dataBucket: "bucket", dataKey: "key" }, {}).parameters);

/** What a notebook's reader may be told to set: a parameter of the notebook, or an option that the failing function takes. */
interface Named {
  path: string;
  name: string;
  /** Said to be a parameter. */
  isParameter: boolean;
}

/** The names in backticks within the hints of errors. */
const named: Named[] = sources.flatMap(({ path, text }) => {
  const hints = text.match(/\bhint(?::|\s*=)\s*(?:(?:"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)\s*\+?\s*)+/g) ?? [];
  return hints.flatMap((hint) =>
    [...hint.matchAll(/(parameters?\s+)?\\?`([A-Za-z_]\w*)\\?`/g)].map(([, said, name]) => ({
      path,
      name: name as string,
      isParameter: said !== undefined,
    })),
  );
});

test("hints do name something to set", () => {
  expect(named.map(({ name }) => name)).toEqual(expect.arrayContaining(["maxRejects", "bucket", "resultsTtlDays"]));
});

test.each(named)("`$name`, named in a hint of $path, can be set", ({ path, name, isParameter }) => {
  if (parameters.includes(name)) return;
  expect({ name, isParameter }).toEqual({ name, isParameter: false });
  // An option in a signature, of the same file or of what that file is about.
  const option = new RegExp(`^ +(readonly )?${name}\\??:`, "m");
  expect({ path, options: sources.filter(({ text }) => option.test(text)).length }).not.toEqual({ path, options: 0 });
});

test("what stops the ingest for too many rejects is a parameter, and the load passes it on", () => {
  expect(parameters).toContain("maxRejects");
  const environment = { SEGMENTATION_MAX_REJECTS: "500" };
  expect(readSettings({ dataBucket: "bucket", dataKey: "key" }, environment).parameters.maxRejects).toBe(500);
  const load = readFileSync(join(ROOT, "src", "load.ts"), "utf8");
  expect(load).toMatch(/reuse, maxRejects \} = parameters;[\s\S]*loadFile\(.*\{[^}]*\bmaxRejects,/);
});
