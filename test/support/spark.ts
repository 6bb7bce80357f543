import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { SHORT_LIVED } from "./java_options.js";

const python = join(ROOT, ".cache", "spark", "bin", "python");
const submit = join(ROOT, ".cache", "spark", "bin", "spark-submit");
const jar = join(ROOT, ".cache", "spark_jars", "keyspaces-spark.jar");
const jobs = join(ROOT, "jobs");

/** How a job ended. */
export interface SparkRun {
  readonly status: number | null;
  /** The last line of standard output. */
  readonly said: string;
  /** The line that says why it failed; "" where there is none, and its last lines where it failed without one. */
  readonly reason: string;
  /** Everything on standard error. */
  readonly log: string;
  readonly seconds: number;
}

export interface SparkOptions {
  /** Where credentials and endpoints are found; nothing else of this process's AWS settings reaches the job. */
  readonly environment: Readonly<Record<string, string>>;
  /** `local[2,4]`: two tasks at a time, four attempts for each, in one process. */
  readonly master?: string;
  /** Called with all of standard error so far, whenever there is more. */
  readonly onLog?: (log: string) => void;
  readonly conf?: Readonly<Record<string, string>>;
}

/** Runs a script of `jobs` as AWS Glue would, on this machine. */
export function runSparkJob(
  script: string,
  job: Readonly<Record<string, string>>,
  { environment, master = "local[2,4]", onLog, conf = {} }: SparkOptions,
): Promise<SparkRun> {
  for (const needed of [submit, jar]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: node setup.mjs --tests --spark installs it`);
  }
  const modules = readdirSync(jobs).filter((name) => name.endsWith(".py") && name !== script);
  const settings = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "WARN",
    "spark.driver.extraJavaOptions": SHORT_LIVED,
    ...conf,
  };
  const args = [
    ...["--master", master, "--driver-memory", "1g", "--jars", jar],
    ...["--py-files", modules.map((name) => join(jobs, name)).join(",")],
    ...Object.entries(settings).flatMap(([name, value]) => ["--conf", `${name}=${value}`]),
    join(jobs, script),
    ...Object.entries(job).flatMap(([name, value]) => [`--${name}`, value]),
  ];
  const { PATH, HOME, JAVA_HOME, TMPDIR } = process.env;
  const own = {
    PATH,
    HOME,
    ...(JAVA_HOME && { JAVA_HOME }),
    ...(TMPDIR && { TMPDIR }),
    PYSPARK_PYTHON: python,
    PYSPARK_DRIVER_PYTHON: python,
    PYTHONDONTWRITEBYTECODE: "1",
    SPARK_LOCAL_IP: "127.0.0.1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(submit, args, { env: { ...own, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    let [output, log] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      onLog?.(log);
    });
    child.once("error", reject);
    child.once("close", (status) => {
      const seconds = (performance.now() - start) / 1000;
      // spark-submit puts what Python says on standard error onto its standard output.
      const reason = output.match(/^\w+ failed: .*$/m)?.[0] ?? (status === 0 ? "" : `${output}${log}`.slice(-2000));
      resolve({ status, said: lastLine(output), reason, log, seconds });
    });
  });
}

const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";
