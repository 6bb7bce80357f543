import { mkdir, readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PRIVATE_FILE, PRIVATE_FOLDER, type Service, startService } from "@keyspaces-segmentation/local-support";
import { cassandraYaml, javaArguments, logbackXml, type Ports, type ServerCertificate } from "./configuration.js";
import { javaCommand } from "./java.js";
import { type CassandraPartitioner, partitionerOfTables } from "./partitioner.js";

export interface CassandraOptions {
  /** Everything that Cassandra writes lies below it; started again on the same directory, it has the same data. */
  directory: string;
  /** The folder of Cassandra's jars, filled by Maven from the pom.xml beside this file. */
  jars: string;
  /** Of new tables, by default Cassandra's own, Murmur3Partitioner; where there are tables already, theirs stays. */
  partitioner?: CassandraPartitioner | undefined;
  /**
   * Whether a write is on the disk before it is acknowledged: it then outlives a sudden end of the machine too. Otherwise what was written
   * in the last ten seconds may be the machine's to write, which spares loads the waiting.
   */
  durable?: boolean | undefined;
  /** What it speaks TLS with, to those who want to, on the same port; without it, it does not. */
  certificate?: ServerCertificate | undefined;
  /** Whether {@link nodetool} reaches it: by JMX, on loopback, without authentication. */
  jmx?: boolean | undefined;
  /** Of Java, in MB. */
  heapMb?: number | undefined;
  /**
   * For rows that are not on disk yet, in that heap, and as much outside of it; Cassandra begins to write to disk where a third is used. By
   * default a quarter of the heap.
   */
  memtableMb?: number | undefined;
  /** Told of its process as soon as there is one. */
  onSpawn?: ((pid: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Of a test or of a small load, as Java's heap. */
const HEAP_MB = 1024;

export interface CassandraService extends Service {
  readonly port: number;
  readonly partitioner: CassandraPartitioner;
  /** Of a node that was started with `jmx`. */
  readonly jmxPort?: number | undefined;
}

/** Starts one Apache Cassandra node on free loopback ports, without authentication, and waits until it answers CQL. */
export async function startCassandra(options: CassandraOptions): Promise<CassandraService> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOnFreePorts(options);
    } catch (error) {
      // A port can be taken between choosing it and Cassandra's binding it, seconds later.
      if (tries === MOST_TRIES || !(await hasLostPort(options.directory))) throw error;
    }
  }
}

const MOST_TRIES = 4;

/** The reason stands above the last lines of the log, which are frames of Java's stack. */
async function hasLostPort(directory: string): Promise<boolean> {
  const log = await readFile(logOf(directory), "utf8").catch(() => "");
  return /address already in use|failed to bind/i.test(log.slice(-LAST_CHARACTERS));
}

const LAST_CHARACTERS = 20_000;
const logOf = (directory: string): string => join(directory, "cassandra.log");

async function startOnFreePorts({ directory, jars, signal, ...options }: CassandraOptions): Promise<CassandraService> {
  const [native, storage, sslStorage, free] = await freePorts(4);
  const ports: Ports = { native: native!, storage: storage!, sslStorage: sslStorage! };
  await mkdir(join(directory, "tmp"), { recursive: true, mode: PRIVATE_FOLDER });
  const yaml = join(directory, "cassandra.yaml");
  const logback = join(directory, "logback.xml");
  const murmur3 = "org.apache.cassandra.dht.Murmur3Partitioner";
  const partitioner = partitionerOfTables(directory, yaml) ?? options.partitioner ?? murmur3;
  const { durable = false, certificate, memtableMb } = options;
  const jmxPort = options.jmx ? free : undefined;
  const settings = { directory, ports, partitioner, durable, certificate, memtableMb };
  await writeFile(yaml, cassandraYaml(settings), { mode: PRIVATE_FILE });
  await writeFile(logback, logbackXml, { mode: PRIVATE_FILE });

  const service = await startService({
    name: "Cassandra",
    command: javaCommand(),
    args: javaArguments(
      { directory, jars, yaml: pathToFileURL(yaml).href, logback },
      { heapMb: options.heapMb ?? HEAP_MB, jmxPort },
    ),
    cwd: directory,
    logFile: logOf(directory),
    isReady: () => answersOptions(ports.native),
    deadlineMs: 120_000,
    onSpawn: options.onSpawn,
    ...(signal && { signal }),
  });
  return { ...service, port: ports.native, partitioner, jmxPort };
}

/** Ports that were free on 127.0.0.1 a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Whether the native port answers an OPTIONS frame with SUPPORTED; an open port alone is not yet a database. */
function answersOptions(port: number): Promise<boolean> {
  const options = Buffer.from("040000000500000000", "hex");
  const supported = 0x06;
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const settle = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(2000, () => settle(false));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
    socket.once("connect", () => socket.write(options));
    socket.once("data", (bytes) => settle(bytes[4] === supported));
  });
}
