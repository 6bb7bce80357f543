// Work of the set-up: done once, its output in a log, and told while it lasts.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const inRoot = (...parts) => join(root, ...parts);

/** What a command prints, both streams together; undefined where it cannot be run. */
export function output(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? `${stdout}${stderr}` : undefined;
}

export const logs = inRoot(".cache", "logs");

/** Runs a command to its end; its output goes to a log, whose last lines are shown if it fails. */
export function run(name, command, args, tell = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      // What Python says is to be seen when it says it.
      env: { ...process.env, PYTHONUNBUFFERED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        text += chunk;
        tell(text);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      const log = join(logs, `${name}.log`);
      writeFileSync(log, text);
      if (code === 0) resolve(text);
      else
        reject(
          new Error(
            `\`${command} ${args.join(" ")}\` exited with ${code}; the end of ${log}:\n${text.split("\n").slice(-12).join("\n")}`,
          ),
        );
    });
  });
}

export const fingerprint = (inputs) => createHash("sha256").update(JSON.stringify(inputs)).digest("hex");

export const isDone = (stamp, inputs) => existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(inputs());

/** How often long work says how far it is, in milliseconds. */
const TELL_MS = 10_000;

/**
 * Does `work` unless it has been done for the same `inputs`; the stamp is written last, so half-made things are made again.
 * `seen` says how far it is, in words.
 */
export async function once(what, stamp, inputs, work, seen = () => "") {
  if (isDone(stamp, inputs)) return;
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  console.log(`  installing ${what} …`);
  const telling = setInterval(
    () => console.log(`  installing ${what}: ${[seconds(), seen()].filter(Boolean).join(", ")}`),
    TELL_MS,
  );
  try {
    await work();
  } finally {
    clearInterval(telling);
  }
  writeFileSync(stamp, fingerprint(inputs()));
  console.log(`  installed ${what} (${seconds()})`);
}

export const text = (...parts) => readFileSync(inRoot(...parts), "utf8");
