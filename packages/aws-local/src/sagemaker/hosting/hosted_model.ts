import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { Matrix } from "../matrix.js";
import { parseS3Uri, type Store } from "../store.js";
import { readNdArrayList } from "./ndarray_list.js";

/** No k-means model unpacks to more; what does is meant to exhaust the memory. */
const LARGEST_ARCHIVE = 2 ** 28;

/** The container did not start: there is no model that it can read. */
export class ModelLoadFailure extends Error {
  override readonly name = "ModelLoadFailure";
}

async function entryOf(archive: Buffer, name: string): Promise<Buffer | undefined> {
  const unpacked = extract();
  unpacked.end(archive);
  for await (const entry of unpacked) {
    if (entry.header.name.replace(/^\.\//, "") === name && entry.header.type === "file") return buffer(entry);
    entry.resume();
  }
  return undefined;
}

/**
 * The centroids of a model.tar.gz in S3.
 *
 * @throws ModelLoadFailure when the object, the archive, or the model in it cannot be read
 */
export async function loadModel(store: Store, uri: string): Promise<Matrix> {
  const { bucket, key } = parseS3Uri(uri);
  try {
    const packed = await store.read(bucket, key);
    const archive = await promisify(gunzip)(packed, { maxOutputLength: LARGEST_ARCHIVE });
    const model = await entryOf(archive, "model_algo-1");
    if (!model) throw new Error("there is no model_algo-1 at its root");
    return readNdArrayList(model);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ModelLoadFailure(`Unable to load the model from ${uri}: ${why}`, { cause: error });
  }
}
