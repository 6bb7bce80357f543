import { realFile, WITHOUT_CASES, WITHOUT_REAL_DATA } from "./real_data.js";

interface Results {
  readonly testResults: readonly { readonly testResults: readonly { title: string; status: string }[] }[];
}

/** The line about the tests that found no real data, or no files of many kinds; undefined where all did. */
export function lineAbout({ testResults }: Results, file: string): string | undefined {
  const skipped = (mark: string): string => {
    const count = testResults
      .flatMap((suite) => suite.testResults)
      .filter(({ title, status }) => status === "pending" && title.endsWith(mark)).length;
    return count === 0 ? "" : count === 1 ? "1 test" : `${count} tests`;
  };
  const [onData, onCases] = [skipped(WITHOUT_REAL_DATA), skipped(WITHOUT_CASES)];
  const parts = [
    ...(onData === "" ? [] : [`${onData} on real data skipped: there is no ${file}; RETAIL_DATA names the file`]),
    ...(onCases === ""
      ? []
      : [`${onCases} on the kinds of files that people have skipped: RETAIL_CASES names their folder`]),
  ];
  return parts.length === 0 ? undefined : `${parts.join("; ")}; see README.md.`;
}

/** Counts, once a run is over, the tests that were skipped for want of the real data. */
export default class SkippedReporter {
  onRunComplete(_contexts: unknown, results: Results): void {
    const line = lineAbout(results, realFile);
    if (line !== undefined) console.error(line);
  }
}
