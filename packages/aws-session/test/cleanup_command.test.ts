import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { cleanupCommand } from "@keyspaces-segmentation/aws-session";

/** What a shell hands to the command. */
function wordsOf(command: string): string[] {
  const script = `npm() { printf '%s\\n' "$@"; }; ${command}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
}

test.each(["shop/eu", "jo's", "a b", "$HOME"])("typed into a shell, it looks at the prefix %s", (prefix) => {
  expect(wordsOf(cleanupCommand({ bucket: "data", prefix }, "--all"))).toEqual([
    "run",
    "cleanup",
    "--",
    "--param",
    "bucket=data",
    "--param",
    `prefix=${prefix}`,
    "--all",
  ]);
});

test("without options it lists what was broken off", () => {
  expect(cleanupCommand({ bucket: "data", prefix: "shop" })).toBe(
    "npm run cleanup -- --param bucket=data --param prefix=shop",
  );
});
