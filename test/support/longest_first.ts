import { readFileSync } from "node:fs";
import { join } from "node:path";
import TestSequencer from "@jest/test-sequencer";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { suiteName } from "./suite_name.js";

type Tests = Parameters<TestSequencer["sort"]>[0];

/** Seconds that the longest suites took, by their names; the rest are shorter. */
const seconds = JSON.parse(readFileSync(join(ROOT, "test", "support", "durations.json"), "utf8")) as Record<
  string,
  number
>;

/** A long suite that begins last keeps one worker busy while the others have nothing to do: the longest begin first. */
export default class LongestFirst extends TestSequencer {
  override sort(tests: Tests): Tests {
    const lengthOf = ({ path }: Tests[number]) => seconds[suiteName(path)] ?? 0;
    // Jest's own order (those that failed, then by what it remembers of this machine) is kept among those not listed.
    return [...(super.sort(tests) as Tests)].sort((a, b) => lengthOf(b) - lengthOf(a));
  }
}
