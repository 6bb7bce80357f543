import type { CustomerFeatures } from "../retail/rfm.js";
import type { Place } from "./actions.js";
import type { ClusterMeans } from "./means.js";

/** Words for the fifth of the customers that a mean falls in, from the lowest values to the highest. */
const RECENCY = ["Very recent", "Recent", "Fading", "Lapsed", "Long gone"];
const FREQUENCY = ["rare", "occasional", "regular", "frequent", "very frequent"];
const MONETARY = ["very low spend", "low spend", "medium spend", "high spend", "very high spend"];

/**
 * Names clusters by where their means stand among all customers: "Recent, frequent, high spend".
 * Names are unique: of clusters alike in all three words, those after the highest spender get a number.
 */
export function nameClusters(means: readonly ClusterMeans[], customers: readonly CustomerFeatures[]): string[] {
  const names = placeClusters(means, customers).map((place) => {
    if (place === null) return "Empty";
    return [RECENCY[place.recency], FREQUENCY[place.frequency], MONETARY[place.monetary]].join(", ");
  });
  const spend = (cluster: number): number => means[cluster]?.monetary ?? 0;
  const bySpend = names.map((_, cluster) => cluster).sort((a, b) => spend(b) - spend(a) || a - b);
  const seen = new Map<string, number>();
  const unique: string[] = [...names];
  for (const cluster of bySpend) {
    const name = names[cluster]!;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    if (count > 1) unique[cluster] = `${name} (${count})`;
  }
  return unique;
}

/** Where the means of clusters stand among all customers; null for a cluster without any. */
export function placeClusters(
  means: readonly ClusterMeans[],
  customers: readonly CustomerFeatures[],
): (Place | null)[] {
  const recency = fifths(customers.map(({ recencyDays }) => recencyDays));
  const frequency = fifths(customers.map(({ frequency }) => frequency));
  const monetary = fifths(customers.map(({ monetary }) => monetary));
  return means.map(
    (mean) =>
      mean && {
        recency: recency(mean.recencyDays),
        frequency: frequency(mean.frequency),
        monetary: monetary(mean.monetary),
      },
  );
}

/** A function that tells which fifth of the values, 0 to 4, a value stands in; equal values count half below it. */
function fifths(values: readonly number[]): (value: number) => number {
  return (value) => {
    let below = 0;
    for (const other of values) {
      if (other < value) below += 1;
      else if (other === value) below += 0.5;
    }
    return Math.min(4, Math.floor((5 * below) / values.length));
  };
}
