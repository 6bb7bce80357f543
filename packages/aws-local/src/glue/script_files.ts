import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { PRIVATE_FILE } from "@keyspaces-segmentation/local-support";
import { parseS3Uri, type Store } from "../sagemaker/store.js";
import { LaunchFailure } from "./failure.js";
import type { JobRun } from "./records.js";

/** The files of a run: where they lie in S3, or, once they are fetched, here. */
export interface ScriptFiles {
  readonly script: string;
  readonly jars: readonly string[];
  readonly modules: readonly string[];
  /** They lie beside the script, which finds them by their names. */
  readonly files: readonly string[];
}

/** Where the files of a run lie in S3: the script of `--scriptLocation` before the job's own, and what Glue's other arguments list. */
export function filesOf({ arguments: given, definition }: Pick<JobRun, "arguments" | "definition">): ScriptFiles {
  const listed = (argument: string): string[] =>
    (given[argument] ?? "")
      .split(",")
      .map((uri) => uri.trim())
      .filter((uri) => uri !== "");
  return {
    script: given["--scriptLocation"] ?? definition.Command?.ScriptLocation ?? "",
    jars: listed("--extra-jars"),
    modules: listed("--extra-py-files"),
    files: listed("--extra-files"),
  };
}

/** Why S3 did not give an object, as Glue hands it on. */
function reasonOf(error: unknown): string {
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 500;
  const what = name === "NoSuchKey" ? "The specified key does not exist." : message;
  return `${what} (Service: Amazon S3; Status Code: ${status}; Please refer logs for details.`;
}

/** Glue lists before it reads, so its role has to be allowed both. */
async function fetchFile(s3: Store, uri: string, folder: string): Promise<string> {
  const { bucket, key } = parseS3Uri(uri);
  const path = join(folder, basename(key));
  try {
    await s3.list(bucket, key);
    await writeFile(path, await s3.read(bucket, key), { mode: PRIVATE_FILE });
  } catch (error) {
    throw new LaunchFailure(`Error downloading from S3 for bucket: ${bucket}, key: ${key}.${reasonOf(error)}`);
  }
  return path;
}

/**
 * Fetches what a run works with, as its role.
 *
 * @throws LaunchFailure for what is not there or may not be read
 */
export async function fetchScript(s3: Store, run: JobRun, folder: string): Promise<ScriptFiles> {
  const { script, jars, modules, files } = filesOf(run);
  const fetchAll = async (uris: readonly string[], below: string) => {
    const into = join(folder, below);
    await mkdir(into, { recursive: true });
    const paths: string[] = [];
    for (const uri of uris) paths.push(await fetchFile(s3, uri, into));
    return paths;
  };
  return {
    script: await fetchFile(s3, script, folder),
    jars: await fetchAll(jars, "jars"),
    modules: await fetchAll(modules, "modules"),
    files: await fetchAll(files, "."),
  };
}
