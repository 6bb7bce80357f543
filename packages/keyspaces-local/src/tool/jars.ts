import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { end, guard } from "@keyspaces-segmentation/local-support";
import { makeFolderOf } from "./given_files.js";
import { UsageError } from "./usage_error.js";

/** What Maven is to fetch, and the SHA-256 of every jar that this comes to: they lie beside the package's `dist`. */
const PACKAGE = join(__dirname, "..", "..");
const POM = join(PACKAGE, "pom.xml");
const SUMS = join(PACKAGE, "jars.sha256");

/** Written last, so that a folder without it was not finished. */
const FINISHED = ".ready";

const SHARED_FOLDER = 0o755;

/** Where the jars lie unless told otherwise: once for all of a user's projects, named for the version. */
export function defaultJars(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  const version = /<artifactId>cassandra-all<\/artifactId>\s*<version>(.+?)</.exec(readFileSync(POM, "utf8"))![1]!;
  return join(cache, "keyspaces-local", `cassandra-${version}`);
}

export interface JarOptions {
  readonly folder: string;
  readonly onProgress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts Apache Cassandra's jars into a folder, unless they are there: by Maven, which Apache publishes them through, checked against the
 * sums that this package was made with.
 *
 * @throws UsageError if it cannot be used, Error on one line if Maven is missing or fails, or a jar is another one; the folder is left as it was
 */
export async function fetchJars({ folder, onProgress, signal }: JarOptions): Promise<void> {
  if (existsSync(join(folder, FINISHED))) return;
  makeFolderOf("--jars", existsSync(folder) ? folder : dirname(folder));
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(
      `Expected \`--jars\` to be a folder of this program or an empty one, got ${JSON.stringify(folder)}, which is there and was not filled by this program`,
    );
  }
  onProgress?.(`fetching Apache Cassandra by Maven into ${folder} (once, 70 MB)`);
  // Beside it, so that one step puts all of it in place: two that fetch at once do not see each other's halves.
  const partial = await mkdtemp(join(dirname(folder), `${basename(folder)}-`));
  try {
    await runMaven(partial, signal);
    await checkSums(partial);
    await writeFile(join(partial, FINISHED), "");
    // A temporary folder is its user's alone; an image is built by another user than it is run by.
    await chmod(partial, SHARED_FOLDER);
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, FINISHED))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function runMaven(folder: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${folder}`];
  const child = spawn("mvn", ["--batch-mode", "--quiet", "--strict-checksums", "-f", POM, ...goal], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  guard(child);
  const stop = () => void end(child, 1000);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    said.catch(() => undefined);
    const [code] = (await once(child, "close")) as [number | null];
    signal?.throwIfAborted();
    if (code === 0) return;
    const [reason = "it gave no reason"] = (await said).join("\n").match(/^\[ERROR\].*$/m) ?? [];
    throw new Error(`Maven could not fetch Apache Cassandra: ${reason.replace(/^\[ERROR\] */, "").slice(0, 500)}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(
      "Maven is needed to get Apache Cassandra's jars, mvn was not found: install it (Debian: apt install maven, macOS: brew install " +
        "maven, or https://maven.apache.org/install.html), or name a folder that has them with --jars",
      { cause: error },
    );
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** @throws Error naming the first jar that is missing, not the one that is meant, or one too many */
export async function checkSums(folder: string, sums: string = readFileSync(SUMS, "utf8")): Promise<void> {
  const expected = new Map(
    sums
      .trim()
      .split("\n")
      .map((line) => line.split(/ +\*?/) as [string, string])
      .map(([sum, name]) => [name, sum]),
  );
  const there = readdirSync(folder).filter((name) => name.endsWith(".jar"));
  const missing = [...expected.keys()].find((name) => !there.includes(name));
  if (missing !== undefined) throw new Error(`${missing} is missing among Apache Cassandra's jars`);
  for (const name of there) {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(join(folder, name))) hash.update(chunk as Buffer);
    const sum = hash.digest("hex");
    if (sum !== expected.get(name)) {
      throw new Error(
        `${name} is not the jar that is meant: its SHA-256 is ${sum}, not ${expected.get(name) ?? "listed"}`,
      );
    }
  }
}
