import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Settings } from "../settings.js";
import { type DownloadedObject, downloadObject } from "./objects.js";
import type { AwsSession } from "./session.js";

/** The retail data on this machine. */
export interface RetailData extends DownloadedObject {
  /** Whether the object says of itself (metadata `origin`) that its content is made up. */
  generated: boolean;
}

/** One folder a process: downloading again, as from a cell that is run again, leaves nothing behind. */
let folder: Promise<string> | undefined;

/**
 * Downloads the CSV of the parameters `dataBucket` and `dataKey` into a temporary folder.
 *
 * @throws StepError as {@link downloadObject}
 */
export async function downloadRetailData(
  aws: AwsSession,
  { parameters: { dataBucket, dataKey } }: Pick<Settings, "parameters">,
  options: { signal?: AbortSignal } = {},
): Promise<RetailData> {
  folder ??= mkdtemp(join(tmpdir(), "retail-data-"));
  const path = join(await folder, basename(dataKey));
  const object = await downloadObject(aws, { bucket: dataBucket, key: dataKey }, path, options);
  return { ...object, generated: object.metadata.origin === "generated" };
}
