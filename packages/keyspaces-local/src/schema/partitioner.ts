import type { CassandraPartitioner } from "../cassandra/partitioner.js";
import { invalid } from "../protocol/refusal.js";

/** What an account's system.local names as its partitioner. */
export type Partitioner = CassandraPartitioner | "com.amazonaws.cassandra.DefaultPartitioner";

const RANDOM = "org.apache.cassandra.dht.RandomPartitioner";

/** What an account has that has not chosen another one. Its tokens are RandomPartitioner's. */
export const DEFAULT_PARTITIONER = "com.amazonaws.cassandra.DefaultPartitioner";

/** The partitioner with the same tokens in the database behind the gateway. */
export const partitionerBehind = (partitioner: Partitioner): CassandraPartitioner =>
  partitioner === DEFAULT_PARTITIONER ? RANDOM : partitioner;

const partitioners: readonly string[] = [
  "org.apache.cassandra.dht.Murmur3Partitioner",
  RANDOM,
  DEFAULT_PARTITIONER,
] satisfies Partitioner[];

/** What an `UPDATE system.local SET partitioner = '…' WHERE key = 'local'` chooses; undefined for any other UPDATE of that table. */
export const chosenPartitioner = (text: string): string | undefined =>
  /\sset\s+"?partitioner"?\s*=\s*'([^']*)'\s+where\s+"?key"?\s*=\s*'local'[\s;]*$/i.exec(text)?.[1];

/**
 * Judges a change of the account's partitioner. Tokens are the database's, which cannot be given others.
 *
 * @throws Refusal
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/working-with-partitioners.html
 */
export function checkPartitioner(wanted: string, database: string): void {
  if (!partitioners.includes(wanted)) {
    throw invalid(
      `Unsupported partitioner '${wanted}'. Supported partitioners are: ${partitioners.join(", ")}`,
      "KL-PARTITIONER",
    );
  }
  const behind = partitionerBehind(wanted as Partitioner);
  if (behind === database) return;
  const text = `${wanted} is not emulated before a database whose tokens are those of ${database}: start a new one with it`;
  throw invalid(text, "KL-PARTITIONER");
}

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
