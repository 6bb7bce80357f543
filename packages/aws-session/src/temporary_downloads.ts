import { mkdtemp, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { ObjectLocation } from "./object_location.js";
import { type DownloadedObject, downloadObject } from "./objects.js";
import type { AwsSession } from "./session.js";

/** One folder a process: downloading again, as from a cell that is run again, leaves nothing behind. */
let folder: Promise<string> | undefined;
/** What {@link downloadTemporarily} has written: nothing else is ever removed. */
const downloaded = new Set<string>();

/** Downloads an object, under the last part of its key, into a folder that only this user can read. @throws as {@link downloadObject} */
export async function downloadTemporarily(
  aws: AwsSession,
  location: ObjectLocation,
  options: { signal?: AbortSignal } = {},
): Promise<DownloadedObject> {
  folder ??= mkdtemp(join(tmpdir(), "retail-data-"));
  const path = join(await folder, basename(location.key));
  const object = await downloadObject(aws, location, path, options);
  downloaded.add(path);
  return object;
}

/**
 * Removes a file that {@link downloadTemporarily} has written in this process, and its folder once that is empty. Any other file is
 * left alone.
 *
 * @returns whether it was one of those
 */
export async function discardDownload(path: string): Promise<boolean> {
  if (!downloaded.delete(path)) return false;
  await rm(path, { force: true });
  if (downloaded.size > 0) return true;
  folder = undefined;
  // Whatever else has come into it is somebody's.
  await rmdir(dirname(path)).catch(() => undefined);
  return true;
}
