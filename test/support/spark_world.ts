import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ingestInvoices } from "@keyspaces-segmentation/invoice-store/dist/ingest_invoices.js";
import { createKeyspace, createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { connectToKeyspaces, type KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import type { CassandraPartitioner } from "@keyspaces-segmentation/keyspaces-local/dist/cassandra/partitioner.js";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import {
  type Gateway,
  type GatewayOptions,
  startGateway,
} from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { type Identity, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { borrowCassandra } from "./borrow.js";
import { invoiceFile } from "./invoice_files.js";
import { borrowedMoto } from "./moto.js";
import { generatedCsv } from "./retail.js";
import { sessionOf } from "./session.js";
import { runSparkJob, type SparkOptions, type SparkRun } from "./spark.js";

export const keyspace = "spark";
export const bucket = "spark-features";
const region = "eu-west-1";

/** A table of invoice lines behind a gateway, and a bucket, for Spark jobs. */
export interface SparkWorld {
  /** Of the gateway without faults. */
  readonly client: KeyspacesClient;
  readonly identity: Identity;
  /** The port of Cassandra itself, on loopback. */
  readonly cassandraPort: number;
  /** A further gateway before the same tables; closed at the end. */
  gatewayWith(options: Partial<GatewayOptions>): Promise<Gateway>;
  load(table: string, file: string): Promise<void>;
  /** Runs a job that reads or writes through a gateway, by default the one without faults. */
  run(script: string, job: Record<string, string>, options?: WorldOptions): Promise<SparkRun>;
  /** The objects below a prefix by key without it, without what only says how long and in how many pages they were made. */
  objects(prefix: string): Promise<Map<string, string>>;
  /** What reading the table took, as the manifest of a run has it. */
  readCounts(prefix: string): Promise<{ ranges: number; pages: number; read_units: number | null }>;
  put(key: string, text: string): Promise<void>;
  folder: string;
  end(): Promise<void>;
}

export interface WorldOptions extends Partial<SparkOptions> {
  readonly gateway?: Gateway;
  readonly identity?: Identity;
}

const credentialsOf = ({ accessKeyId, secretAccessKey, sessionToken }: Identity): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken ?? "",
});

const withoutCosts = (text: string): string =>
  text.replace(/"seconds": [\d.]+/, '"seconds": 0').replace(/"(pages|read_units)": ([\d.]+|null)/g, '"$1": 0');

export async function startSparkWorld(
  partitioner: CassandraPartitioner = "org.apache.cassandra.dht.Murmur3Partitioner",
): Promise<SparkWorld> {
  const folder = await mkdtemp(join(tmpdir(), "spark-"));
  const port = await borrowCassandra(partitioner);
  const moto = await borrowedMoto();
  const certificate: Certificates = await makeCertificates();
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, certificate.ca);
  const identity = temporaryIdentity();
  const gateways: Gateway[] = [];
  const gatewayWith = async (options: Partial<GatewayOptions>): Promise<Gateway> => {
    const cassandra = { host: "127.0.0.1", port };
    const gateway = await startGateway({
      region,
      cassandra,
      certificate,
      identities: [identity],
      activeAfterMs: 100,
      ...options,
    });
    gateways.push(gateway);
    return gateway;
  };
  const quiet = await gatewayWith({});
  const client = await connectToKeyspaces(sessionOf({ region, credentials: async () => identity }), {
    keyspacesEndpoint: { host: "127.0.0.1", port: quiet.port },
    keyspacesCaFile: caFile,
  });
  await createKeyspace(client, keyspace);
  const s3 = new S3Client({ region, endpoint: moto.url, forcePathStyle: true, credentials: identity });
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }));

  return {
    client,
    identity,
    cassandraPort: port,
    folder,
    gatewayWith,
    async load(table, file) {
      await createRetailTable(client, { keyspace, table });
      const rejectsFile = join(folder, `${table}.rejects.csv`);
      await ingestInvoices(client, { keyspace, table }, await invoiceFile(file), { rejectsFile });
    },
    run: (script, job, { gateway = quiet, identity: as = identity, environment, ...options } = {}) =>
      runSparkJob(
        script,
        { keyspace, keyspaces_endpoint: `127.0.0.1:${gateway.port}`, ca_file: caFile, ...job },
        {
          ...options,
          environment: { AWS_REGION: region, AWS_ENDPOINT_URL: moto.url, ...(environment ?? credentialsOf(as)) },
        },
      ),
    async objects(prefix) {
      const found = new Map<string, string>();
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}/` }));
      for (const { Key: key = "" } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const text = (await Body?.transformToString("latin1")) ?? "";
        found.set(key.slice(prefix.length + 1), withoutCosts(text));
      }
      return found;
    },
    async readCounts(prefix) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${prefix}/manifest.json` }));
      return JSON.parse((await Body?.transformToString()) ?? "").read;
    },
    async put(key, text) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
    },
    async end() {
      await client.shutdown();
      for (const gateway of gateways) await gateway.close();
      s3.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same with generated invoices in the table `generated`. */
export async function startGeneratedWorld(): Promise<SparkWorld> {
  const world = await startSparkWorld();
  const file = join(world.folder, "generated.csv");
  await writeFile(file, generatedCsv());
  await world.load("generated", file);
  return world;
}

/** What a run of features writes below a prefix, which has to be the same bytes whatever happens to it. */
export async function featuresOf(
  world: SparkWorld,
  prefix: string,
  options: WorldOptions = {},
): Promise<Map<string, string>> {
  const job = { table: "generated", shards: "2", ranges: "8", row_bytes: "107", output: `s3://${bucket}/${prefix}` };
  const run = await world.run("rfm_features.py", job, options);
  if (run.status !== 0) throw new Error(`${run.reason}\n${run.log.slice(-3000)}`);
  return world.objects(prefix);
}

/** Serves credentials as ECS does to a container, `AWS_CONTAINER_CREDENTIALS_FULL_URI`: those that are current when it is asked. */
export async function serveCredentials(
  current: () => Identity,
): Promise<{ url: string; asked: () => number; close: () => void }> {
  let asked = 0;
  const server: Server = createServer((_, response) => {
    asked++;
    const { accessKeyId, secretAccessKey, sessionToken, expires } = current();
    const answer = {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: expires?.toISOString(),
    };
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/credentials`, asked: () => asked, close: () => server.close() };
}

/** A field of RFC 4180, and what ends it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n|$)/gy;

/** The rows of a CSV text, which ends with a line end, as objects of texts. */
export function csvRows(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = "", end] of Buffer.from(text, "latin1").toString("utf8").matchAll(FIELD)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\n") rows.push([]);
  }
  const [names = [], ...lines] = rows.slice(0, -1);
  return lines.map((line) => Object.fromEntries(line.map((value, i) => [names[i]!, value])));
}
