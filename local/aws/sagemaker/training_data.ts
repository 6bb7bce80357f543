import { posix } from "node:path";
import type { Channel as TrainingChannel } from "@aws-sdk/client-sagemaker";
import type { Channel, ChannelFile } from "./kmeans/channel.js";
import { ContainerFailure } from "./kmeans/failure.js";
import { parseS3Uri, type Store } from "./store.js";

/**
 * What S3 refuses the platform is the user's doing.
 *
 * @throws ContainerFailure in place of an error of S3
 */
export async function blameS3<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error && "$metadata" in error)) throw error;
    throw new ContainerFailure("ClientError", `${what}:${error.name}: ${error.message}`);
  }
}

/** The objects under the prefix, under the names that the container sees them by. */
async function download(store: Store, uri: string): Promise<ChannelFile[]> {
  const { bucket, key: prefix } = parseS3Uri(uri);
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const files: ChannelFile[] = [];
  for (const key of await store.list(bucket, prefix)) {
    files.push({ name: posix.normalize(key.slice(folder.length)), bytes: await store.read(bucket, key) });
  }
  return files;
}

/** The channels that the K-Means container knows. */
export interface TrainingData {
  readonly train: Channel;
  readonly test: Channel | undefined;
}

/**
 * Reads the channels. Several instances share what one trains here, so each is read once, whether its objects are
 * divided over them or each has all: the model is the same.
 *
 * @throws ContainerFailure for what cannot be had, and for channels that the container does not know
 */
export async function downloadChannels(store: Store, config: readonly TrainingChannel[]): Promise<TrainingData> {
  const channels: Record<string, Channel> = {};
  for (const { ChannelName = "", ContentType, DataSource } of config) {
    const uri = DataSource?.S3DataSource?.S3Uri ?? "";
    const files = await blameS3("Data download failed", download(store, uri));
    if (files.length === 0) {
      throw new ContainerFailure("ClientError", `Data download failed:No S3 objects found under S3 URL "${uri}"`);
    }
    channels[ChannelName] = { contentType: ContentType, files };
  }
  const { train, test, ...others } = channels;
  if (!train) throw new ContainerFailure("ClientError", "Unable to initialize the algorithm. Missing channel 'train'");
  const [other] = Object.keys(others);
  if (other) throw new ContainerFailure("ClientError", `Unknown channel '${other}': there are 'train' and 'test'`);
  return { train, test };
}
