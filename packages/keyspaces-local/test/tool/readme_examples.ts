import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { plainEnvironment } from "./program.js";

const run = promisify(execFile);

/** A program of the README, as it stands there. */
export interface ReadmeExample {
  readonly language: string;
  /** Types it, after the environment was sourced. @returns what it prints */
  run(dataDirectory: string): Promise<string>;
}

const readme = readFileSync(join(ROOT, "packages", "keyspaces-local", "README.md"), "utf8");
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
/** How each is run here, with the drivers that the set-up has put in place. */
const commands: Readonly<Record<string, readonly [file: string, ...command: string[]]>> = {
  js: ["orders.js", process.execPath],
  python: ["orders.py", join(ROOT, ".cache", "python", "bin", "python")],
  java: ["Orders.java", java, "-cp", join(ROOT, ".cache", "java_driver", "*")],
};

export const readmeExamples: readonly ReadmeExample[] = Object.entries(commands).map(
  ([language, [file, ...command]]) => {
    const code = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
    if (code === undefined) throw new Error(`The README has no example in ${language}`);
    return {
      language,
      async run(dataDirectory) {
        const folder = mkdtempSync(join(tmpdir(), "example-"));
        try {
          writeFileSync(join(folder, file), code);
          const script = `. "$0"/environment.sh && exec "$@"`;
          const args = ["-c", script, dataDirectory, ...command, join(folder, file)];
          const env = plainEnvironment({
            NODE_PATH: join(ROOT, "node_modules"),
            AWS_EC2_METADATA_DISABLED: "true",
            HOME: folder,
          });
          const { stdout } = await run("sh", args, { cwd: folder, env, timeout: 120_000 });
          return stdout;
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    };
  },
);
