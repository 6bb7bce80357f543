import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import TestSequencer from "@jest/test-sequencer";
import { ROOT } from "@keyspaces-segmentation/local-support";

type Tests = Parameters<TestSequencer["sort"]>[0];

/** Seconds that the longest suites took, by their names without `dist/` and `.test.js`; the rest are shorter. */
const seconds = JSON.parse(readFileSync(join(ROOT, "test", "support", "durations.json"), "utf8")) as Record<
  string,
  number
>;

/** `test/e2e/start` for `<checkout>/dist/test/e2e/start.test.js`. */
const nameOf = (path: string): string =>
  relative(join(ROOT, "dist"), path)
    .replaceAll(sep, "/")
    .replace(/\.test\.js$/, "");

/** A long suite that begins last keeps one worker busy while the others have nothing to do: the longest begin first. */
export default class LongestFirst extends TestSequencer {
  override sort(tests: Tests): Tests {
    const lengthOf = ({ path }: Tests[number]) => seconds[nameOf(path)] ?? 0;
    // Jest's own order (those that failed, then by what it remembers of this machine) is kept among those not listed.
    return [...(super.sort(tests) as Tests)].sort((a, b) => lengthOf(b) - lengthOf(a));
  }
}
