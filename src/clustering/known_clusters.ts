import { ArgumentError } from "../errors.js";
import type { KnownCluster, KnownClusters } from "./identity.js";
import type { Scaler } from "./scale.js";

/** The memory of a run, and when and where it was kept. */
export interface Remembered {
  readonly known: KnownClusters;
  readonly savedAt: Date;
  readonly from: string;
}

/** A run's id becomes part of the key of an object. */
const runIdPattern = /^[A-Za-z0-9][\w.-]{0,127}$/;
/** A name is shown in charts and texts, which take some markup for what it is. */
const namePattern = /^[^<>\p{Cc}]{1,200}$/u;

/**
 * Takes the memory of a run, as JSON gives it back, field by field: whoever may write where it is kept can write anything.
 *
 * @throws ArgumentError naming the first field that is not what it should be
 */
export function readKnownClusters(value: unknown): KnownClusters {
  const { runId, scaler, centroids, clusters, nextId } = fieldsOf("known", value);
  if (typeof runId !== "string" || !runIdPattern.test(runId)) {
    throw new ArgumentError("runId", "1 to 128 letters, digits, dots, hyphens or underscores", runId);
  }
  const readScaler = scalerOf(scaler);
  const columns = readScaler.offset.length;
  const rows = listOf("centroids", centroids).map((row, i) => numbersOf(`centroids[${i}]`, row, columns));
  if (rows.length === 0) throw new ArgumentError("centroids.length", "1 or more", 0);
  const known = listOf("clusters", clusters).map(clusterOf);
  if (known.length !== rows.length) {
    throw new ArgumentError("clusters.length", `${rows.length}, one per centroid`, known.length);
  }
  const ids = new Set(known.map(({ id }) => id));
  if (ids.size !== known.length) throw new ArgumentError("clusters", "without an id that repeats", [...ids]);
  if (!Number.isSafeInteger(nextId) || (nextId as number) <= Math.max(...ids)) {
    throw new ArgumentError("nextId", "an integer above all ids", nextId);
  }
  return { runId, scaler: readScaler, centroids: rows, clusters: known, nextId: nextId as number };
}

function fieldsOf(name: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ArgumentError(name, "an object", value);
}

function listOf(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new ArgumentError(name, "a list", value);
}

function numbersOf(name: string, value: unknown, length?: number): number[] {
  const numbers = listOf(name, value);
  if (numbers.length !== (length ?? numbers.length)) {
    throw new ArgumentError(`${name}.length`, String(length), numbers.length);
  }
  numbers.forEach((number, i) => {
    if (!Number.isFinite(number)) throw new ArgumentError(`${name}[${i}]`, "a finite number", number);
  });
  return numbers as number[];
}

function scalerOf(value: unknown): Scaler {
  const { scaling, offset, factor } = fieldsOf("scaler", value);
  if (scaling !== "min_max" && scaling !== "log_standard") {
    throw new ArgumentError("scaler.scaling", '"min_max" or "log_standard"', scaling);
  }
  const offsets = numbersOf("scaler.offset", offset);
  if (offsets.length === 0) throw new ArgumentError("scaler.offset.length", "1 or more", 0);
  return { scaling, offset: offsets, factor: numbersOf("scaler.factor", factor, offsets.length) };
}

function clusterOf(value: unknown, i: number): KnownCluster {
  const { id, name } = fieldsOf(`clusters[${i}]`, value);
  if (!Number.isSafeInteger(id) || (id as number) < 0) {
    throw new ArgumentError(`clusters[${i}].id`, "an integer of 0 or more", id);
  }
  if (typeof name !== "string" || !namePattern.test(name)) {
    throw new ArgumentError(`clusters[${i}].name`, "1 to 200 characters without < or >", name);
  }
  return { id: id as number, name };
}
