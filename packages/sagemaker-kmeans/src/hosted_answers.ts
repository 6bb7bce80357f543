import { StepError } from "@keyspaces-segmentation/common";
import type { AssignedCustomer } from "@keyspaces-segmentation/kmeans";

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
