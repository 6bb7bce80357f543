import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Cassandra's own partitioners with a hash, by their class. */
export type CassandraPartitioner =
  | "org.apache.cassandra.dht.Murmur3Partitioner"
  | "org.apache.cassandra.dht.RandomPartitioner";

/**
 * The partitioner of the tables that an earlier start left in a directory; undefined where there are none. Cassandra does not start on
 * tables of another one: the place of every row on its disk is that of its token.
 *
 * @param yaml the cassandra.yaml in it, of that start
 */
export function partitionerOfTables(directory: string, yaml: string): CassandraPartitioner | undefined {
  if (!existsSync(join(directory, "data")) || !existsSync(yaml)) return undefined;
  const [, name] = /^partitioner: (\S+)$/m.exec(readFileSync(yaml, "utf8")) ?? [];
  return name as CassandraPartitioner | undefined;
}
