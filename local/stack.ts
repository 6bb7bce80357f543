import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import type { RpcService, TrainingChance } from "@keyspaces-segmentation/aws-local";
import { KEPT_OBJECTS, restoreObjects, saveObjects, startAwsFront, startMoto } from "@keyspaces-segmentation/aws-local";
import { type Asked, createAuthoriser } from "@keyspaces-segmentation/iam-local";
import type { Faults } from "@keyspaces-segmentation/keyspaces-local";
import {
  DEFAULT_PARTITIONER,
  makeCertificates,
  type Partitioner,
  partitionerBehind,
  startCassandra,
  startGateway,
} from "@keyspaces-segmentation/keyspaces-local";
import type { Service } from "@keyspaces-segmentation/local-support";
import { type Identity, PRIVATE_FILE, PRIVATE_FOLDER, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { DataObject } from "./data/choose_data.js";
import { KMS_KEY, makeKey } from "./kms_key.js";
import { type Pace, QUICK } from "./pace.js";
import { FEATURES_ROLE, policyParameters, TRAINING_ROLE } from "./permissions.js";
import { seed } from "./seed.js";
import { installedSpark } from "./spark.js";

export interface StackOptions {
  /** Everything that the stack writes lies below it. */
  directory: string;
  /** The folder of Cassandra's jars. */
  jars: string;
  /** The Python that has moto. */
  python: string;
  region: string;
  /** The object that plays the public data set. */
  data: DataObject;
  /**
   * The partitioner of the account. By default that of a new one, DefaultPartitioner, unless the directory holds tables with other
   * tokens.
   */
  partitioner?: Partitioner | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: (step: string) => void;
  /** For tests: what goes wrong between a client and Keyspaces. */
  faults?: Faults | undefined;
  /** What the chance of trainings comes from; "data" unless given. */
  trainingChance?: TrainingChance | undefined;
  /**
   * What the notebook and its training jobs may do: everything, unless parameters for the policies of infra/iam are given; then what
   * those say.
   */
  policies?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whether a KMS key is made, and named to the notebook. */
  newKey?: boolean | undefined;
  /** Told of every permission that is asked for under policies. */
  onDecision?: ((asked: Asked) => void) | undefined;
  /** How long definitions and jobs take; quick unless given. */
  pace?: Pace | undefined;
}

export interface Stack {
  /** What a client needs to reach the stack and nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that a client must not have set: they would lead it past the ones above. */
  readonly unset: readonly string[];
  /** Settles only if a part dies while the stack is up, with an error that says which, how, and its last lines. */
  readonly failed: Promise<Error>;
  /** The keyspaces that clients have made and not dropped. */
  keyspaces(): Promise<string[]>;
  /** Copies what clients have put into S3 below the directory, for the next start there; the data set itself comes anew. */
  saveObjects(): Promise<void>;
  /**
   * Stops every part, last started first; one whose directory is wanted no more need not put it in order, which takes Cassandra seconds.
   * Safe to call twice.
   */
  stop(directory?: "keep" | "discard"): Promise<void>;
}

type Stop = Stack["stop"];

/** How long Cassandra may take to write down what is to be kept, in ms. */
const FLUSH_MS = 30_000;

const unset: readonly string[] = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  ...["S3", "STS", "IAM", "KMS", "SAGEMAKER", "SAGEMAKER_RUNTIME", "GLUE", "CLOUDWATCH_LOGS", "KEYSPACES"].map(
    (service) => `AWS_ENDPOINT_URL_${service}`,
  ),
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
];

/**
 * Starts the stand-in for AWS: Cassandra behind the Keyspaces gateway, moto behind the AWS front, one temporary
 * identity, and the data set in S3.
 *
 * @throws Error of the part that did not start; the parts that did are stopped
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { directory, jars, python, region, data, pace = QUICK, onProgress = () => undefined } = options;
  const giveUp = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, giveUp.signal]) : giveUp.signal;
  const stops: Stop[] = [];
  let stopping: Promise<void> | undefined;
  const stop: Stop = (left = "keep") => {
    stopping ??= stopInReverse(stops, left);
    return stopping;
  };
  const kept = <T extends Service>(service: T): T => {
    stops.push((left) => service.stop(left === "discard" ? 0 : FLUSH_MS));
    return service;
  };

  try {
    signal.throwIfAborted();
    await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
    const identity = temporaryIdentity(options.policies ? "policies" : "all");
    // Who makes what is there before the notebook comes.
    const administrator = temporaryIdentity();
    const authoriser = createAuthoriser({ region, now: () => new Date(), onDecision: options.onDecision });
    const { ca, cert, key } = await makeCertificates();
    const caFile = join(directory, "ca.pem");
    await writeFile(caFile, ca, { mode: PRIVATE_FILE });

    onProgress("starting Cassandra and moto");
    const wanted = partitionerBehind(options.partitioner ?? DEFAULT_PARTITIONER);
    const [cassandra, moto] = await together(giveUp, signal, [
      startCassandra({ directory: join(directory, "cassandra"), jars, partitioner: wanted, signal }).then(kept),
      startMoto({ python, directory, signal }).then(kept),
    ]);

    if (cassandra.partitioner !== wanted) {
      onProgress(`the tables that are there have the tokens of ${cassandra.partitioner}, which the account keeps`);
    }

    onProgress("opening the endpoints of Keyspaces and AWS");
    const identities = [identity, administrator];
    // Keyspaces asks the front for keys, and the front hands it the requests of its control plane.
    const services = new Map<string, RpcService>();
    const front = await startAwsFront({
      region,
      identities,
      moto,
      authoriser,
      services,
      trainingPace: pace.job,
      sageMaker: { trainingChance: options.trainingChance },
      glue: { spark: installedSpark() },
    });
    stops.push(() => front.close());
    const gateway = await startGateway({
      region,
      cassandra: { host: "127.0.0.1", port: cassandra.port },
      identities,
      authoriser,
      keys: front.tableKeyRefusal,
      certificate: { cert, key },
      activeAfterMs: pace.definition,
      throughput: { ramp: pace.ramp },
      partitioner: options.partitioner,
      faults: options.faults,
    });
    services.set("cassandra", gateway.controlPlane);
    stops.push(() => gateway.close());

    const objects = join(directory, KEPT_OBJECTS);
    // Past the front, whose credentials may have expired by the end.
    const s3 = new S3Client({ region, endpoint: `http://127.0.0.1:${moto.port}`, credentials: identity });
    stops.push(async () => s3.destroy());
    await restoreObjects(s3, objects);
    onProgress(`storing the data as s3://${data.bucket}/${data.key}`);
    const { account } = identity;
    const kmsKey = options.newKey ? { [KMS_KEY]: await makeKey({ region, port: moto.port }, account) } : {};
    const variables = options.policies && { ...options.policies, ...kmsKey };
    const policies = variables && policyParameters({ region, data, account, variables });
    await seed(front, administrator, { region, data, policies, signal });
    signal.throwIfAborted();

    return {
      environment: {
        ...credentialsOf(identity, region),
        ...(policies && { SEGMENTATION_EXECUTION_ROLE: TRAINING_ROLE, SEGMENTATION_SPARK_ROLE: FEATURES_ROLE }),
        AWS_ENDPOINT_URL: front.url,
        KEYSPACES_ENDPOINT: `127.0.0.1:${gateway.port}`,
        KEYSPACES_CA_FILE: caFile,
        SEGMENTATION_DATA_BUCKET: data.bucket,
        SEGMENTATION_DATA_KEY: data.key,
        ...kmsKey,
      },
      unset,
      keyspaces: () => gateway.keyspaces(),
      saveObjects: () => saveObjects(s3, objects, { except: [data.bucket] }),
      failed: firstDeath([cassandra, moto], () => stopping !== undefined),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for all; the first that fails ends the others, and is the one that is thrown. */
async function together<One, Other>(
  giveUp: AbortController,
  signal: AbortSignal,
  starts: [Promise<One>, Promise<Other>],
): Promise<[One, Other]> {
  for (const start of starts) start.catch((error) => giveUp.abort(error));
  await Promise.allSettled(starts);
  signal.throwIfAborted();
  return Promise.all(starts);
}

async function stopInReverse(stops: readonly Stop[], left: Parameters<Stop>[0]): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of stops.toReversed()) await stop(left).catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

function firstDeath(services: readonly Service[], isStopping: () => boolean): Promise<Error> {
  return new Promise((resolve) => {
    for (const { name, ended, lastLines } of services) {
      void ended.then((how) => {
        if (isStopping()) return;
        resolve(
          new Error(`${name} ${how} while the stack was up. The last lines of its log:\n${lastLines().join("\n")}`),
        );
      });
    }
  });
}

function credentialsOf(identity: Identity, region: string): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: identity.accessKeyId,
    AWS_SECRET_ACCESS_KEY: identity.secretAccessKey,
    AWS_SESSION_TOKEN: identity.sessionToken ?? "",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
