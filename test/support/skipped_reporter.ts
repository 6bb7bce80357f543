import { realFile, WITHOUT_REAL_DATA } from "./real_data.js";

interface Results {
  readonly testResults: readonly { readonly testResults: readonly { title: string; status: string }[] }[];
}

/** The line about the tests that found no real data; undefined where all did. */
export function lineAbout({ testResults }: Results, file: string): string | undefined {
  const skipped = testResults
    .flatMap((suite) => suite.testResults)
    .filter(({ title, status }) => status === "pending" && title.endsWith(WITHOUT_REAL_DATA)).length;
  if (skipped === 0) return undefined;
  const tests = skipped === 1 ? "1 test" : `${skipped} tests`;
  return `${tests} on real data skipped: there is no ${file}; RETAIL_DATA names the file, see README.md.`;
}

/** Counts, once a run is over, the tests that were skipped for want of the real data. */
export default class SkippedReporter {
  onRunComplete(_contexts: unknown, results: Results): void {
    const line = lineAbout(results, realFile);
    if (line !== undefined) console.error(line);
  }
}
