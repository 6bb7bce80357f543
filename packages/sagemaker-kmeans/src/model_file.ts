import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { locationOf, type ObjectLocation, readObject, uploadBytes } from "@keyspaces-segmentation/aws-session";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { readModelArtifact, writeModelArtifact } from "./model_artifact.js";

/** A thousand centroids of a thousand features take 4 MB. */
const maxBytes = 128 << 20;

/** Downloads a trained model and reads its centroids, one row a cluster, in the space of the scaled features. @throws StepError */
export async function fetchModel(aws: AwsSession, modelUri: string): Promise<Matrix> {
  return readModelArtifact(await readObject(aws, locationOf(modelUri), { maxBytes }));
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
