import type { CassandraPartitioner } from "../cassandra/partitioner.js";

/** What an account's system.local names as its partitioner. */
export type Partitioner = CassandraPartitioner | "com.amazonaws.cassandra.DefaultPartitioner";

const RANDOM = "org.apache.cassandra.dht.RandomPartitioner";

/** What an account has that has not chosen another one. Its tokens are RandomPartitioner's. */
export const DEFAULT_PARTITIONER = "com.amazonaws.cassandra.DefaultPartitioner";

/** The partitioner with the same tokens in the database behind the gateway. */
export const partitionerBehind = (partitioner: Partitioner): CassandraPartitioner =>
  partitioner === DEFAULT_PARTITIONER ? RANDOM : partitioner;

/**
 * The partitioner that a gateway names.
 *
 * @param wanted undefined for the one that an account would have whose tokens are the database's
 * @throws Error where the database's tokens are not those of the wanted one
 */
export function choosePartitioner(wanted: Partitioner | undefined, database: string): string {
  if (wanted === undefined) return database === RANDOM ? DEFAULT_PARTITIONER : database;
  if (partitionerBehind(wanted) === database) return wanted;
  throw new Error(
    `A gateway cannot answer as ${wanted} before a Cassandra whose tokens are those of ${database}: ` +
      `start one with ${partitionerBehind(wanted)}, on a directory without tables of another`,
  );
}
