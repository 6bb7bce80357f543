import { posix } from "node:path";
import type { S3DataSource, Channel as TrainingChannel } from "@aws-sdk/client-sagemaker";
import { ContainerFailure } from "./container_failures.js";
import type { Channel, ChannelFile } from "./kmeans/channel.js";
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

/** An object and the name that the container sees it by. */
interface Source {
  readonly bucket: string;
  readonly key: string;
  readonly name: string;
}

/** The objects under a prefix; their names begin behind its last folder. */
async function underPrefix(store: Store, uri: string): Promise<Source[]> {
  const { bucket, key: prefix } = parseS3Uri(uri);
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const keys = await store.list(bucket, prefix);
  return keys.map((key) => ({ bucket, key, name: posix.normalize(key.slice(folder.length)) }));
}

/**
 * The objects that a manifest names: `[{"prefix": "s3://bucket/folder/"}, "one", "two"]`.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
 */
async function inManifest(store: Store, uri: string): Promise<Source[]> {
  const { bucket, key } = parseS3Uri(uri);
  const [head, ...names] = parseManifest(Buffer.from(await store.read(bucket, key)).toString("utf8"), uri);
  return names.map((name) => ({ ...parseS3Uri(`${head}${name}`), name: posix.normalize(name) }));
}

function parseManifest(text: string, uri: string): [prefix: string, ...names: string[]] {
  const refuse = (why: string): never => {
    throw new ContainerFailure("ClientError", `Data download failed:Unable to parse the manifest ${uri}: ${why}`);
  };
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return refuse("it is no JSON");
  }
  if (!Array.isArray(manifest)) return refuse("it is no list");
  const [head, ...names] = manifest as unknown[];
  const prefix = typeof head === "object" && head !== null && "prefix" in head ? head.prefix : undefined;
  if (typeof prefix !== "string" || !prefix.startsWith("s3://")) return refuse("it does not begin with a prefix");
  if (!names.every((name) => typeof name === "string")) return refuse("a name is no text");
  return [prefix, ...names];
}

async function download(store: Store, { S3DataType, S3Uri = "" }: Partial<S3DataSource>): Promise<ChannelFile[]> {
  const sources = await (S3DataType === "ManifestFile" ? inManifest : underPrefix)(store, S3Uri);
  const files: ChannelFile[] = [];
  for (const { bucket, key, name } of sources) files.push({ name, bytes: await store.read(bucket, key) });
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
    const source: Partial<S3DataSource> = DataSource?.S3DataSource ?? {};
    const files = await blameS3("Data download failed", download(store, source));
    if (files.length === 0) {
      const reason = `Data download failed:No S3 objects found under S3 URL "${source.S3Uri}"`;
      throw new ContainerFailure("ClientError", reason);
    }
    channels[ChannelName] = { contentType: ContentType, files };
  }
  const { train, test, ...others } = channels;
  if (!train) throw new ContainerFailure("ClientError", "Unable to initialize the algorithm. Missing channel 'train'");
  const [other] = Object.keys(others);
  if (other) throw new ContainerFailure("ClientError", `Unknown channel '${other}': there are 'train' and 'test'`);
  return { train, test };
}
