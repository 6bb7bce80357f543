import { existsSync, statfsSync } from "node:fs";
import { createAuthoriser } from "@keyspaces-segmentation/iam-local";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { type CassandraOptions, type CassandraService, startCassandra } from "../cassandra/cassandra.js";
import { javaRefusal } from "../cassandra/java.js";
import { createFaults } from "../door/faults.js";
import { type Gateway, type GatewayOptions, startGateway } from "../door/gateway.js";
import { DEFAULT_PARTITIONER, type Partitioner, partitionerBehind } from "../schema/partitioner.js";
import { type Admin, adminPortOf, type Health, isAny, startAdmin } from "./admin.js";
import { type Administrator, administratorOf } from "./administrator.js";
import { keptCertificates } from "./certificate_files.js";
import { type DataDirectory, openDataDirectory } from "./data_directory.js";
import { shellScriptOf } from "./environment.js";
import { defaultJars, fetchJars } from "./jars.js";
import { addressesFor, listenError, requireFree } from "./listening.js";
import type { KeyspacesLocalOptions } from "./options.js";
import { writePrivate } from "./private_json.js";
import type { KeyspacesLocal } from "./running.js";
import { readUsers } from "./users.js";

export interface ServeOptions {
  /** Whether nobody wants the data directory afterwards. */
  readonly discard?: boolean;
  /** Told how far it is, and of what a user should know, a line at a time. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Instead of an Apache Cassandra of its own. */
  readonly database?: (options: Pick<CassandraOptions, "directory" | "partitioner">) => Promise<CassandraService>;
}

/** The file to source, in the data directory. */
export const ENVIRONMENT_FILE = "environment.sh";

const partitioners: Readonly<Record<KeyspacesLocalOptions["partitioner"], Partitioner>> = {
  default: DEFAULT_PARTITIONER,
  murmur3: "org.apache.cassandra.dht.Murmur3Partitioner",
  random: "org.apache.cassandra.dht.RandomPartitioner",
};

/** How long Cassandra may take to write what it holds in memory, in ms. */
const FLUSH_MS = 60_000;

/**
 * Starts Cassandra and the gateway on a data directory, with a way in for whoever watches; it can be asked how far it is from the
 * beginning.
 *
 * @throws UsageError, Error; the signal's reason when aborted. Nothing is left running then.
 */
export async function serve(options: KeyspacesLocalOptions, how: ServeOptions = {}): Promise<KeyspacesLocal> {
  const { port, address, adminAddress } = options;
  const adminPort = adminPortOf(options) ?? 0;
  const { onProgress = () => undefined, signal, database = databaseOf(options, onProgress, signal) } = how;
  const refusal = how.database ? undefined : javaRefusal();
  if (refusal !== undefined) throw new Error(refusal);
  const users = readUsers(options);
  const strict = options.mode === "strict";
  const addresses = addressesFor(address, strict ? options.peers : []);
  await requireFree(addresses, port);
  const directory = await openDataDirectory(options.dataDirectory, { reset: options.reset });
  const stops: (() => Promise<void>)[] = [async () => directory.release()];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      for (const each of stops.reverse()) await each();
    })();
    return stopping;
  };
  let health: Health = { status: "starting", seen: "it has just begun" };
  const at = (seen: string) => {
    health = { status: "starting", seen };
    onProgress(seen);
  };
  const faults = createFaults();
  let gateway: Gateway | undefined;
  try {
    for (const line of keeping(directory, how.discard ?? false)) onProgress(line);
    const admin: Admin = await startAdmin({
      address: adminAddress,
      port: adminPort,
      faults,
      health: () => health,
      api: () => gateway?.handleHttp,
      units: () => gateway?.units() ?? {},
    }).catch((error: unknown) => {
      throw listenError(adminAddress, adminPort, error);
    });
    stops.push(() => admin.close());
    directory.announce(admin.url);
    const administrator = administratorOf(directory.file("administrator.json"), options);
    const names = [...addresses.filter((each) => !isAny(each)), "127.0.0.1", ...options.peers, ...options.hostNames];
    const certificates = await keptCertificates(directory.file, [...new Set(names)], new Date());
    if (certificates.isNew && directory.isKept) {
      onProgress("the certificate authority is a new one: the one that was kept has ended, or lacked a name");
    }

    at("starting Cassandra");
    const wanted = partitioners[options.partitioner];
    const cassandra = await database({
      directory: directory.file("cassandra"),
      partitioner: partitionerBehind(wanted),
      onSpawn: directory.noteCassandra,
    });
    stops.push(() => cassandra.stop(how.discard ? 0 : FLUSH_MS));
    const fits = cassandra.partitioner === partitionerBehind(wanted);
    if (!fits)
      onProgress(`the tables that are kept have the tokens of ${cassandra.partitioner}, which the account keeps`);

    at("opening the gateway");
    const authoriser = createAuthoriser({ region: options.region, now: () => new Date() });
    authoriser.setEntities(users.entities);
    const started = await startGateway({
      region: options.region,
      cassandra: { host: "127.0.0.1", port: cassandra.port },
      identities: [identityOf(administrator, options.account), ...users.identities],
      plainUsers: [administrator, ...users.plainUsers],
      authoriser,
      certificate: certificates,
      activeAfterMs: options.definitionMs,
      // What is kept stays with the one that it has.
      partitioner: fits && !directory.isKept ? wanted : undefined,
      addresses,
      port,
      faults,
      ...rulesOf(options),
    });
    gateway = started;
    stops.push(() => started.close());
    const failed = cassandra.ended.then((how) => {
      const log = cassandra.lastLines().join("\n");
      const error = new Error(`Cassandra ${how}, with ${roomIn(directory.path)}. The last lines of its log:\n${log}`);
      if (stopping === undefined) health = { status: "failed", seen: `Cassandra ${how}` };
      // Its end in order is no failure: nobody is told of it.
      return stopping === undefined ? error : new Promise<Error>(() => undefined);
    });
    const running: KeyspacesLocal = {
      contactPoint: isAny(address) ? "127.0.0.1" : address,
      port: started.port,
      region: options.region,
      caFile: directory.file("ca.pem"),
      credentials: { accessKeyId: administrator.accessKeyId, secretAccessKey: administrator.secretAccessKey },
      serviceCredentials: { userName: administrator.userName, password: administrator.password },
      adminUrl: admin.url,
      dataDirectory: directory.path,
      failed,
      stop,
    };
    writePrivate(directory.file(ENVIRONMENT_FILE), shellScriptOf(running));
    signal?.throwIfAborted();
    health = { status: "ready", seen: `listening on ${running.contactPoint}:${started.port}` };
    return running;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Java says of a full disk only that it was ended. */
function roomIn(path: string): string {
  if (!existsSync(path)) return `${path} gone`;
  const { bavail, bsize } = statfsSync(path);
  return `${Math.floor((bavail * bsize) / 2 ** 20).toLocaleString("en-US")} MB free on the disk of ${path}`;
}

/** What is kept and where, said before anything is done. */
function keeping({ path, isKept }: DataDirectory, discard: boolean): string[] {
  if (discard) return [];
  const begins = isKept
    ? "goes on with the tables, users, certificate and keys in"
    : "keeps tables, users, certificate and keys in";
  return [`${begins} ${path}, where only this user can read them; --reset begins anew`];
}

/** One Apache Cassandra node, whose jars are fetched at the first start. */
function databaseOf(
  { jars = defaultJars(), heapMb }: KeyspacesLocalOptions,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
) {
  return async (options: Omit<CassandraOptions, "jars">): Promise<CassandraService> => {
    await fetchJars({ folder: jars, onProgress, signal });
    return startCassandra({ ...options, jars, heapMb, durable: true, signal });
  };
}

const identityOf = ({ accessKeyId, secretAccessKey }: Administrator, account: string): Identity => ({
  accessKeyId,
  secretAccessKey,
  account,
  userId: "AIDAADMINISTRATOR",
  arn: `arn:aws:iam::${account}:user/administrator`,
  permissions: "all",
});

/** How the service's rules are kept. */
function rulesOf(options: KeyspacesLocalOptions): Pick<GatewayOptions, "hardMode" | "peers" | "throughput" | "pages"> {
  const { tableReadUnits, tableWriteUnits, partitionReadUnits, partitionWriteUnits, requestsPerConnection } = options;
  const strict = options.mode === "strict";
  const throughput = {
    tableReadUnits,
    tableWriteUnits,
    partitionReadUnits,
    partitionWriteUnits,
    requestsPerConnection,
  };
  return {
    hardMode: strict,
    peers: options.peers,
    throughput: { ...throughput, ramp: strict },
    pages: strict ? {} : { emptyScanPages: 0, emptyFilteredPages: 0 },
  };
}
