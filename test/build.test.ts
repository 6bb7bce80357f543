import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

let checkout: string;
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), "build-"));
  cpSync(join(ROOT, "setup"), join(checkout, "setup"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  write("packages/part/src/index.ts", "export const part = 1;\n");
  write("src/index.ts", "export const all = 1;\n");
  write("src/gone.ts", "export const gone = 1;\n");
  write("tsconfig.json", { files: [], references: [{ path: "src" }, { path: "packages/part" }] });
  write("src/tsconfig.json", projectInto("../dist/src"));
  write("packages/part/tsconfig.json", { ...projectInto("dist"), include: ["src/*.ts"] });
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

const projectInto = (outDir: string) => ({
  compilerOptions: {
    composite: true,
    rootDir: outDir === "dist" ? "src" : ".",
    outDir,
    tsBuildInfoFile: `${outDir}/.tsbuildinfo`,
    types: [],
  },
});

function write(file: string, content: unknown): void {
  mkdirSync(dirname(join(checkout, file)), { recursive: true });
  writeFileSync(join(checkout, file), typeof content === "string" ? content : JSON.stringify(content));
}

function build(): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [join(checkout, "setup", "build.mjs")], { encoding: "utf8" });
}

const isThere = (file: string) => existsSync(join(checkout, file));

test("what was built without a change since stays; what a source that is gone has left goes, what was deleted comes back", () => {
  expect(build().status).toBe(0);
  expect(isThere("packages/part/dist/index.js")).toBe(true);
  expect(isThere("dist/src/gone.d.ts")).toBe(true);

  rmSync(join(checkout, "src/gone.ts"));
  write("dist/.built", "as the set-up has left it");
  write("src/index.ts", "export const all = 2;\n");
  expect(build().status).toBe(0);
  expect(["js", "d.ts"].filter((end) => isThere(`dist/src/gone.${end}`))).toEqual([]);
  expect(readFileSync(join(checkout, "dist/src/index.js"), "utf8")).toContain("all = 2");
  expect(isThere("dist/.built")).toBe(true);

  rmSync(join(checkout, "packages/part/dist/index.js"));
  expect(build().status).toBe(0);
  expect(isThere("packages/part/dist/index.js")).toBe(true);

  write("src/index.ts", "export const all: string = 2;\n");
  const { status, stdout } = build();
  expect(status).not.toBe(0);
  expect(stdout).toContain("Type 'number' is not assignable to type 'string'");
});
