import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip, gzip, type ZlibOptions } from "node:zlib";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { locationOf, type ObjectLocation, readObject, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { ArgumentError, messageOf, StepError } from "@keyspaces-segmentation/common";
import { type Matrix, requireFinite } from "@keyspaces-segmentation/kmeans";
import { extract, pack } from "tar-stream";
import { readMatrix, writeMatrix } from "./ndarray_list.js";

const zip = promisify(gzip);
const unzip: (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer> = promisify(gunzip);

/** The file inside model.tar.gz that holds the centroids, for training and for hosting alike. */
const MODEL_FILE = "model_algo-1";
/** Of the archive, packed or unpacked. A thousand centroids of a thousand features take 4 MB. */
const MAX_BYTES = 128 << 20;

/**
 * Reads the centroids from the `model.tar.gz` that SageMaker's built-in k-means leaves in S3, so that customers can be
 * assigned without hosting the model. Other files are passed over, such as the `state_…` of older containers; nothing is written
 * to disk.
 *
 * @returns one row per cluster, in the columns trained on
 * @throws StepError when the archive is damaged, too large, without a model, or the model is not finite centroids
 */
export async function readModelArtifact(tarGz: Uint8Array): Promise<Matrix> {
  const centroids = readMatrix(await unpackModel(tarGz));
  if (centroids.rows < 1 || centroids.columns < 1) throw refusal("it has no centroids");
  if (!centroids.values.every(Number.isFinite)) throw refusal("a centroid is not finite");
  return centroids;
}

/**
 * Writes centroids as a `model.tar.gz` that SageMaker's k-means container serves. Values are kept as float32.
 *
 * @throws ArgumentError when there are no centroids, or one is not finite as float32
 */
export async function writeModelArtifact(centroids: Matrix): Promise<Uint8Array> {
  if (centroids.values.length < 1) throw new ArgumentError("centroids.rows", "1 or more", centroids.rows);
  requireFinite({ ...centroids, values: centroids.values.map(Math.fround) }, "centroids");
  const archive = pack();
  archive.entry({ name: MODEL_FILE, mtime: new Date(0), mode: 0o644 }, Buffer.from(writeMatrix(centroids)));
  archive.finalize();
  return zip(await buffer(archive));
}

/** Downloads a trained model and reads its centroids, one row a cluster, in the space of the scaled features. @throws StepError */
export async function fetchModel(aws: AwsSession, modelUri: string): Promise<Matrix> {
  return readModelArtifact(await readObject(aws, locationOf(modelUri), { maxBytes: MAX_BYTES }));
}

/**
 * Stores centroids as a model that SageMaker's K-Means container hosts, for example ones that were found on this machine.
 *
 * @param to its key ends in `.tar.gz`
 * @param options.kmsKey id, ARN or alias of the KMS key to encrypt with; otherwise the bucket's own way
 * @returns the URI by which a batch transform or an endpoint finds it
 * @throws ArgumentError for what is no centroids; StepError
 */
export async function storeModel(
  aws: AwsSession,
  to: ObjectLocation,
  centroids: Matrix,
  { kmsKey }: { kmsKey?: string | undefined } = {},
): Promise<string> {
  return uploadBytes(aws, to, await writeModelArtifact(centroids), { contentType: "application/gzip", kmsKey });
}

async function unpackModel(tarGz: Uint8Array): Promise<Uint8Array> {
  try {
    const files = extract();
    files.end(await unzip(tarGz, { maxOutputLength: MAX_BYTES }));
    let model: Uint8Array | undefined;
    for await (const file of files) {
      const { type, name } = file.header;
      if (!isModel(name)) {
        file.resume();
        continue;
      }
      // The hosting container takes only a plain file at the root, and of two the last: such an archive is not from SageMaker.
      if (type !== "file") throw refusal(`${name} in the archive is no file but a ${type}`);
      if (model !== undefined) throw refusal(`the archive has ${MODEL_FILE} twice`);
      model = await buffer(file);
    }
    if (model !== undefined) return model;
  } catch (error) {
    if (error instanceof StepError) throw error;
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw refusal(
      tooLarge ? `it unpacks to more than ${MAX_BYTES >> 20} MiB` : `the archive is damaged: ${messageOf(error)}`,
      error,
    );
  }
  throw refusal(`the archive has no file ${MODEL_FILE}`);
}

/** @throws StepError for a model that lies elsewhere than at the root */
function isModel(name: string): boolean {
  const path = name.split(/[/\\]/);
  if (path.at(-1) !== MODEL_FILE) return false;
  if (name === MODEL_FILE || name === `./${MODEL_FILE}`) return true;
  throw refusal(`the model lies at ${name} instead of at the archive's root`);
}

function refusal(got: string, cause?: unknown): StepError {
  return new StepError({ tried: "read the model's centroids", got, cause });
}
