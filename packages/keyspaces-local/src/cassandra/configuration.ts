import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { CassandraPartitioner } from "./partitioner.js";

export interface Ports {
  native: number;
  storage: number;
  sslStorage: number;
}

export interface NodeSettings {
  readonly directory: string;
  readonly ports: Ports;
  readonly partitioner: CassandraPartitioner;
  /** Whether a write is on the disk before it is acknowledged. */
  readonly durable: boolean;
  readonly certificate: ServerCertificate | undefined;
  /** For rows that are not on disk yet, both in the heap and outside of it; Cassandra's own choice, a quarter of the heap each, if undefined. */
  readonly memtableMb: number | undefined;
}

/** PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Beyond what a frame can hold: the service's own limits are the gateway's to enforce, and it does not warn of batches. */
const batchLimit = "64MiB";

/**
 * The cassandra.yaml of one node that speaks to nobody but us. JSON strings are YAML strings. Rows in memory are in a trie, outside of the
 * heap: a load costs a fifth less of the node's processor time than with skip lists, and the process takes a twentieth more memory.
 */
export function cassandraYaml({
  directory,
  ports,
  partitioner,
  durable,
  certificate,
  memtableMb,
}: NodeSettings): string {
  const below = (name: string) => JSON.stringify(join(directory, name));
  // Nothing here waits for a network or another node: more threads than this only take each other's turns.
  const threads = 2 * availableParallelism();
  return `cluster_name: local
num_tokens: 1
partitioner: ${partitioner}
endpoint_snitch: SimpleSnitch
auto_bootstrap: false
authenticator: AllowAllAuthenticator
authorizer: AllowAllAuthorizer
listen_address: 127.0.0.1
storage_port: ${ports.storage}
ssl_storage_port: ${ports.sslStorage}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:${ports.storage}"
start_native_transport: true
rpc_address: 127.0.0.1
native_transport_port: ${ports.native}
data_file_directories: [${below("data")}]
commitlog_directory: ${below("commitlog")}
hints_directory: ${below("hints")}
saved_caches_directory: ${below("saved_caches")}
cdc_raw_directory: ${below("cdc_raw")}
native_transport_max_threads: ${threads}
concurrent_writes: ${threads}
${durable ? "commitlog_sync: batch" : "commitlog_sync: periodic\ncommitlog_sync_period: 10000ms"}
auto_snapshot: false
memtable_allocation_type: offheap_objects
${memtableMb === undefined ? "" : memtableSpace(memtableMb)}
memtable:
  configurations:
    default:
      class_name: TrieMemtable
batch_size_warn_threshold: ${batchLimit}
batch_size_fail_threshold: ${batchLimit}
unlogged_batch_across_partitions_warn_threshold: 65535
${certificate ? optionalTls(certificate) : ""}`;
}

const memtableSpace = (mb: number): string => `memtable_heap_space: ${mb}MiB\nmemtable_offheap_space: ${mb}MiB`;

/** On the native port, for who begins with it. */
function optionalTls({ cert, key }: ServerCertificate): string {
  return `client_encryption_options:
  enabled: true
  optional: true
  ssl_context_factory:
    class_name: org.apache.cassandra.security.PEMBasedSslContextFactory
    parameters:
      private_key: ${JSON.stringify(key + cert)}
`;
}

/** To standard output only: whoever starts the process keeps the log. */
export const logbackXml = `<configuration scan="false">
  <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level [%thread] %date{ISO8601} %F:%L - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="STDOUT"/></root>
</configuration>
`;

// The module flags of jvm17-server.options, the file that Cassandra's own launcher reads.
const exportedPackages = [
  "java.base/jdk.internal.misc",
  "java.management.rmi/com.sun.jmx.remote.internal.rmi",
  "java.rmi/sun.rmi.registry",
  "java.rmi/sun.rmi.server",
  "java.sql/java.sql",
  "java.base/java.lang.ref",
  "jdk.unsupported/sun.misc",
  "jdk.compiler/com.sun.tools.javac.file",
  "jdk.attach/sun.tools.attach",
];
const openedPackages = [
  "java.base/java.lang.module",
  "java.base/jdk.internal.loader",
  "java.base/jdk.internal.ref",
  "java.base/jdk.internal.reflect",
  "java.base/jdk.internal.math",
  "java.base/jdk.internal.module",
  "java.base/jdk.internal.util.jar",
  "jdk.management/com.sun.management.internal",
  "java.base/sun.nio.ch",
  "java.base/java.io",
  "java.base/java.lang.reflect",
  "jdk.compiler/com.sun.tools.javac",
  "java.base/java.lang",
  "java.base/java.util",
];

/** What Cassandra and its tools need of Java's modules. */
export const moduleOptions: readonly string[] = [
  ...exportedPackages.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ...openedPackages.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
];

/** The command line after `java`. */
export function javaArguments(
  files: { directory: string; jars: string; yaml: string; logback: string },
  { heapMb, jmxPort }: { heapMb: number; jmxPort: number | undefined },
): string[] {
  return [
    `-Xms${heapMb}m`,
    `-Xmx${heapMb}m`,
    "-Xss512k",
    // A small heap and nobody who minds a pause: less work than with G1.
    "-XX:+UseParallelGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    "-Djdk.attach.allowAttachSelf=true",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.allocator.useCacheForAllThreads=true",
    "-Dio.netty.allocator.maxOrder=11",
    ...(jmxPort === undefined ? [] : [`-Dcassandra.jmx.local.port=${jmxPort}`]),
    ...moduleOptions,
    `-Djava.io.tmpdir=${join(files.directory, "tmp")}`,
    `-Dcassandra.config=${files.yaml}`,
    `-Dcassandra.storagedir=${files.directory}`,
    `-Dlogback.configurationFile=${files.logback}`,
    "-Dcassandra-foreground=yes",
    // One node has nobody to wait for.
    "-Dcassandra.skip_wait_for_gossip_to_settle=0",
    "-cp",
    join(files.jars, "*"),
    "org.apache.cassandra.service.CassandraDaemon",
  ];
}
