import { execFileSync } from "node:child_process";

/** The processes that descend from this one and were called with a text. */
export function descendantsWith(text: string): { pid: number; args: string }[] {
  const lines = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const all = lines.flatMap((line) => {
    const [, pid, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isBelow(parent));
  };
  return all.filter(({ pid, args }) => args.includes(text) && isBelow(pid)).map(({ pid, args }) => ({ pid, args }));
}

/** Of Spark's driver, that was started with a text among its arguments: its Java process, or the Python process that runs the script. */
export const driverWith = (text: string, kind: "java" | "python"): number | undefined =>
  descendantsWith(text).find(({ args }) => args.includes("SparkSubmit") === (kind === "java"))?.pid;
