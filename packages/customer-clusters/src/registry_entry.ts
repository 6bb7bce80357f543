import { ArgumentError } from "@keyspaces-segmentation/common";
import type { Preparation } from "@keyspaces-segmentation/invoices";
import type { RegisteredClusters } from "./identity.js";
import { fieldsOf, listOf, readRegisteredClusters } from "./registered_clusters.js";

/** What the customers of a run were made of. */
export interface MadeOf {
  /** SHA-256 of each file that the table holds, in any order. */
  readonly loads: readonly string[];
  /** How returns counted. */
  readonly preparation: Preparation;
}

/** A run in the cluster registry: what the next run knows its clusters by, and whether it is about the same customers. */
export interface RegistryEntry extends MadeOf {
  readonly keyspace: string;
  readonly table: string;
  readonly savedAt: Date;
  readonly known: RegisteredClusters;
}

/** An entry that is stored somewhere, and not read yet. */
export interface StoredEntry {
  readonly runId: string;
  readonly from: string;
  /** The command or statement that deletes it. */
  readonly toDelete: string;
  /** Its text; an error where it may not or cannot be read, null where it is gone by now. */
  read(): Promise<string | Error | null>;
}

const fingerprintPattern = /^[0-9a-f]{64}$/;
const preparations: readonly unknown[] = ["net", "sales", "as_published"] satisfies Preparation[];

/** As it is kept. @throws ArgumentError when it could not be read later on */
export function entryText(entry: RegistryEntry): string {
  const text = `${JSON.stringify(entry, null, 2)}\n`;
  readEntry(text);
  return text;
}

/**
 * Takes the entry of a run as it was kept, field by field: whoever may write where it is kept can write anything.
 *
 * @throws SyntaxError when it is no JSON; ArgumentError naming the first field that is not what it should be
 */
export function readEntry(text: string): RegistryEntry {
  const { keyspace, table, savedAt, loads, preparation, known } = fieldsOf("entry", JSON.parse(text));
  if (typeof keyspace !== "string") throw new ArgumentError("keyspace", "a text", keyspace);
  if (typeof table !== "string") throw new ArgumentError("table", "a text", table);
  const moment = new Date(typeof savedAt === "string" ? savedAt : Number.NaN);
  if (Number.isNaN(moment.getTime())) throw new ArgumentError("savedAt", "a moment", savedAt);
  const fingerprints = listOf("loads", loads).map((load, i) => {
    if (typeof load === "string" && fingerprintPattern.test(load)) return load;
    throw new ArgumentError(`loads[${i}]`, "the SHA-256 of a file", load);
  });
  if (fingerprints.length === 0) throw new ArgumentError("loads.length", "1 or more", 0);
  if (!preparations.includes(preparation)) {
    throw new ArgumentError("preparation", `one of ${preparations.join(", ")}`, preparation);
  }
  return {
    keyspace,
    table,
    savedAt: moment,
    loads: fingerprints,
    preparation: preparation as Preparation,
    known: readRegisteredClusters(known),
  };
}

/**
 * Why a run's clusters are not to be looked for among those of a table that is made of `present`; undefined where they are.
 *
 * The table may have grown since, but a file that it does not hold was another table's of that name. Another scaling is another
 * look at the same customers, and centroids can be put on its scale; with another preparation the money itself counts otherwise,
 * and customers would seem to move who have done nothing.
 */
export function whyNotComparable(entry: MadeOf, present: MadeOf): string | undefined {
  const files = new Set(present.loads);
  if (!entry.loads.every((load) => files.has(load))) return "it was made of files that are not in this table";
  if (entry.preparation !== present.preparation) return `its customers were prepared as ${entry.preparation}`;
  return undefined;
}
