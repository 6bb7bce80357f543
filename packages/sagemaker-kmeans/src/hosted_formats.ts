import { ArgumentError, StepError } from "@keyspaces-segmentation/common";
import type { AssignedCustomer, CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { float32 } from "./rules.js";

/**
 * Checks customers before they are sent anywhere.
 *
 * @throws ArgumentError when there are none, ids and rows differ in number, an id comes twice or cannot stand in a CSV field, or a
 *   feature is not finite as float32
 */
export function requireCustomers({ customerIds, features }: CustomersToAssign): void {
  if (features.rows < 1) throw new ArgumentError("customers", "at least one", features.rows);
  if (customerIds.length !== features.rows) {
    throw new ArgumentError("customers.customerIds.length", `${features.rows}, one per row`, customerIds.length);
  }
  const seen = new Set<string>();
  for (const id of customerIds) {
    if (!/^[^\s",]([^\r\n",]*[^\s",])?$/.test(id)) {
      throw new ArgumentError("customerIds", "without quotes, commas, line breaks and blanks at the ends", id);
    }
    if (seen.has(id)) throw new ArgumentError("customerIds", "unique", id);
    seen.add(id);
  }
  float32("customers.features", features, undefined);
}

/** A piece of the customers, from a row to the one before another, as CSV. */
export interface CsvPiece {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Customers as CSV without a header, cut into pieces of at most so many bytes and rows.
 *
 * @param withIds whether the id stands before the features
 * @param extra bytes to count for each row besides its own, such as those of its answer
 */
export function* csvPieces(
  { customerIds, features: { values, columns } }: CustomersToAssign,
  {
    maxBytes,
    maxRows = Number.POSITIVE_INFINITY,
    withIds,
    extra = 0,
  }: { maxBytes: number; maxRows?: number; withIds: boolean; extra?: number },
): Generator<CsvPiece> {
  let lines: string[] = [];
  let bytes = 0;
  let from = 0;
  for (const [i, id] of customerIds.entries()) {
    const numbers = values.subarray(i * columns, (i + 1) * columns).join(",");
    const line = withIds ? `${id},${numbers}\n` : `${numbers}\n`;
    const size = Buffer.byteLength(line) + extra;
    if (lines.length > 0 && (bytes + size > maxBytes || lines.length >= maxRows)) {
      yield { from, to: i, text: lines.join("") };
      lines = [];
      bytes = 0;
      from = i;
    }
    lines.push(line);
    bytes += size;
  }
  yield { from, to: customerIds.length, text: lines.join("") };
}

/** Checks a hosted model's answer for one customer; clusters come as floating-point numbers. @throws StepError */
function answerFor(customerId: string, cluster: unknown, distance: unknown): AssignedCustomer {
  const index = Number(cluster);
  const away = Number(distance);
  const given = ![cluster, distance].some((value) => value === undefined || value === null || value === "");
  if (given && Number.isInteger(index) && index >= 0 && Number.isFinite(away) && away >= 0) {
    return { customerId, cluster: index, distance: away };
  }
  throw refusal(`for customer ${customerId} it says cluster ${String(cluster)}, distance ${String(distance)}`);
}

function refusal(got: string): StepError {
  return new StepError({ tried: "read the hosted model's answer", got });
}

/**
 * Reads the JSON that a hosted K-Means answers with: `{"predictions": [{"closest_cluster": 4.0, "distance_to_cluster": 1.25}]}`.
 *
 * @param customerIds whom it was asked about, in this order
 * @throws StepError when it is something else, or not one answer for each
 */
export function readPredictions(json: string, customerIds: readonly string[]): AssignedCustomer[] {
  let predictions: unknown;
  try {
    predictions = (JSON.parse(json) as { predictions?: unknown } | null)?.predictions;
  } catch {
    throw refusal(`it is no JSON: ${json.slice(0, 80)}`);
  }
  if (!Array.isArray(predictions)) throw refusal(`it has no predictions: ${json.slice(0, 80)}`);
  if (predictions.length !== customerIds.length) {
    throw refusal(`it has ${predictions.length} predictions for ${customerIds.length} customers`);
  }
  return predictions.map((prediction: Record<string, unknown> | null, i) =>
    answerFor(customerIds[i]!, prediction?.closest_cluster, prediction?.distance_to_cluster),
  );
}

/**
 * Puts together what a batch transform has written: lines `customer id,cluster,distance` in any number of files.
 *
 * @param customerIds whom it was asked about; the answers come in this order
 * @throws StepError when a line is something else, or somebody is missing, unknown or there twice
 */
export function readTransformed(texts: Iterable<string>, customerIds: readonly string[]): AssignedCustomer[] {
  const wanted = new Set(customerIds);
  const found = new Map<string, AssignedCustomer>();
  for (const text of texts) {
    for (const line of text.split(/\r?\n/)) {
      if (line === "") continue;
      const fields = line.split(",");
      const [id = "", cluster, distance] = fields;
      if (fields.length !== 3) throw refusal(`a line is not id, cluster, distance: ${line.slice(0, 80)}`);
      if (!wanted.has(id)) throw refusal(`customer ${id} was not asked about`);
      if (found.has(id)) throw refusal(`customer ${id} is there twice`);
      found.set(id, answerFor(id, cluster, distance));
    }
  }
  return customerIds.map((id) => {
    const assigned = found.get(id);
    if (assigned === undefined) throw refusal(`customer ${id} is missing, with ${wanted.size - found.size} in all`);
    return assigned;
  });
}
