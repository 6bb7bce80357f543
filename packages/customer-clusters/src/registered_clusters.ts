import { ArgumentError } from "@keyspaces-segmentation/common";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import type { ClusterIdentity, RegisteredClusters } from "./identity.js";
import { invertScaler, type Scaler } from "./scale.js";

/** A run's id becomes part of the keys of objects. */
const runIdPattern = /^[A-Za-z0-9][\w.-]{0,127}$/;
/** A name is shown in charts and texts, which take some markup, links and formulas for what they are. Dollars are amounts. */
const namePattern = /^(?!.*:\/\/)(?:[^<>[\]`|\\$\p{C}]|\$(?=\d)){1,200}$/u;
/** Recency, frequency, monetary value. */
const features = 3;
/** Pairing takes the cube of it in time. */
const mostClusters = 1000;
/** An id is an `int` in Keyspaces; this leaves the runs to come enough of them. */
const largestId = 1_000_000_000;

export const isRunId = (text: string): boolean => runIdPattern.test(text);

export const isClusterName = (text: string): boolean => namePattern.test(text);

/**
 * Takes what a run knows its clusters by, as JSON gives it back, field by field: whoever may write where it is kept can write anything.
 *
 * @throws ArgumentError naming the first field that is not what it should be
 */
export function readRegisteredClusters(value: unknown): RegisteredClusters {
  const { runId, scaler, centroids, clusters, nextId } = fieldsOf("known", value);
  if (typeof runId !== "string" || !isRunId(runId)) {
    throw new ArgumentError("runId", "1 to 128 letters, digits, dots, hyphens or underscores", runId);
  }
  const readScaler = scalerOf(scaler);
  const list = listOf("centroids", centroids);
  if (list.length === 0 || list.length > mostClusters) {
    throw new ArgumentError("centroids.length", `1 to ${mostClusters}`, list.length);
  }
  const rows = list.map((row, i) => numbersOf(`centroids[${i}]`, row, features));
  const unscaled = invertScaler(matrixOf(rows), readScaler).values;
  if (!unscaled.every(Number.isFinite))
    throw new ArgumentError("centroids", "finite in the units of the data", unscaled);
  const known = listOf("clusters", clusters).map(clusterOf);
  if (known.length !== rows.length) {
    throw new ArgumentError("clusters.length", `${rows.length}, one per centroid`, known.length);
  }
  const ids = new Set(known.map(({ id }) => id));
  if (ids.size !== known.length) throw new ArgumentError("clusters", "without an id that repeats", [...ids]);
  if (!Number.isSafeInteger(nextId) || (nextId as number) <= Math.max(...ids) || (nextId as number) > largestId) {
    throw new ArgumentError("nextId", `an integer above all ids, at most ${largestId}`, nextId);
  }
  return { runId, scaler: readScaler, centroids: rows, clusters: known, nextId: nextId as number };
}

export function fieldsOf(name: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ArgumentError(name, "an object", value);
}

export function listOf(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new ArgumentError(name, "a list", value);
}

function numbersOf(name: string, value: unknown, length: number): number[] {
  const numbers = listOf(name, value);
  if (numbers.length !== length) {
    throw new ArgumentError(`${name}.length`, String(length), numbers.length);
  }
  numbers.forEach((number, i) => {
    // Larger ones would overflow where distances are squared.
    if (typeof number !== "number" || !(Math.abs(number) <= 1e100)) {
      throw new ArgumentError(`${name}[${i}]`, "a number within ±1e100", number);
    }
  });
  return numbers as number[];
}

function scalerOf(value: unknown): Scaler {
  const { scaling, offset, factor } = fieldsOf("scaler", value);
  if (scaling !== "min_max" && scaling !== "log_standard") {
    throw new ArgumentError("scaler.scaling", '"min_max" or "log_standard"', scaling);
  }
  const [offsets, factors] = [
    numbersOf("scaler.offset", offset, features),
    numbersOf("scaler.factor", factor, features),
  ];
  return { scaling, offset: offsets, factor: factors };
}

function clusterOf(value: unknown, i: number): ClusterIdentity {
  const { id, name } = fieldsOf(`clusters[${i}]`, value);
  if (!Number.isSafeInteger(id) || (id as number) < 0) {
    throw new ArgumentError(`clusters[${i}].id`, "an integer of 0 or more", id);
  }
  if (typeof name !== "string" || !isClusterName(name)) {
    throw new ArgumentError(`clusters[${i}].name`, "1 to 200 characters without markup, links or formulas", name);
  }
  return { id: id as number, name };
}
