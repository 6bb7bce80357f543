import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { familyOf } from "@keyspaces-segmentation/local-support";
import { usageOf } from "./usage.js";

/** The most resident memory of one process, and how it was started. */
export interface ProcessPeak {
  readonly name: string;
  readonly peakBytes: number;
}

/** What the processes of `npm start` are, by a word of their command lines; the first that fits. */
const KNOWN: readonly (readonly [word: string, name: string])[] = [
  ["org.apache.cassandra", "Cassandra"],
  ["moto.server", "moto (S3, KMS, IAM)"],
  ["execute.py", "nbclient and nbconvert"],
  ["tslab", "kernel"],
  ["watchdog.js", "watchdog"],
  ["cli.js start", "runner, with the stand-in (gateway, front, SageMaker)"],
];

function nameOf(pid: number): string | undefined {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const command = words.join(" ");
    return KNOWN.find(([word]) => command.includes(word))?.[1] ?? basename(words[0]!);
  } catch {
    return undefined;
  }
}

/** Follows a process and all it starts. `peaks` has the highest first. Linux only; elsewhere there are none. */
export function watchProcesses(): { look(pid: number): void; peaks(): ProcessPeak[] } {
  const seen = new Map<string, ProcessPeak>();
  return {
    look(pid) {
      for (const { pid: each, started } of familyOf([pid])) {
        const peakBytes = usageOf(each)?.peakBytes;
        const name = nameOf(each);
        // A process that has just been forked still goes by its parent's name: the last look counts.
        if (peakBytes !== undefined && name) seen.set(`${each} ${started}`, { name, peakBytes });
      }
    },
    peaks: () => [...seen.values()].sort((a, b) => b.peakBytes - a.peakBytes),
  };
}
