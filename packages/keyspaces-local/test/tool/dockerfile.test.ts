import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

const hadolint = join(ROOT, ".cache", "linters", "bin", "hadolint");
const isThere = existsSync(hadolint);

(isThere ? test : test.skip)(
  isThere ? "the linter finds nothing in the Dockerfile" : "the linter is not installed: node setup.mjs --tests",
  () => {
    const args = ["--no-color", join(ROOT, "packages", "keyspaces-local", "Dockerfile")];
    expect(execFileSync(hadolint, args, { encoding: "utf8" })).toBe("");
  },
);
