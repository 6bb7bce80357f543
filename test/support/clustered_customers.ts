import type { ClusteredCustomer, ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import { mediansOf } from "@keyspaces-segmentation/customer-clusters";
import type { Matrix } from "@keyspaces-segmentation/kmeans";

/** A small reproducible generator of numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NAMES = ["Lost", "New and small", "Champions", "Slipping away", "Loyal", "Nobody"];
const SEGMENTS = ["hibernating", "new_customers", "champions", "at_risk", "loyal_customers"];

/**
 * Customers with the long tails of real ones in five clusters, and a sixth cluster that is empty.
 *
 * @param ids of the clusters, ascending
 */
export function clusteredCustomers(
  count: number,
  ids: readonly number[] = [0, 1, 2, 3, 4, 5],
): { customers: ClusteredCustomer[]; clusters: ClusterProfile[] } {
  const random = seeded(7);
  const bell = () => Math.sqrt(-2 * Math.log(random() || 1)) * Math.cos(2 * Math.PI * random());
  const customers = Array.from({ length: count }, (_, index): ClusteredCustomer => {
    const recencyDays = Math.floor(373 * random() ** 2);
    const frequency = 1 + Math.floor(Math.exp(1.2 * bell() + 0.4));
    const monetary = Math.round(100 * (Math.exp(0.9 * bell() + 5.4) * frequency - (random() < 0.02 ? 2000 : 0))) / 100;
    const pattern = frequency > 15 ? 2 : recencyDays > 250 ? 0 : recencyDays > 120 ? 3 : frequency > 4 ? 4 : 1;
    return {
      customerId: String(12346 + index),
      country: random() < 0.9 ? "United Kingdom" : "Germany",
      recencyDays,
      frequency,
      monetary,
      r: 3,
      f: 3,
      m: 3,
      segment: SEGMENTS[pattern] as string,
      cluster: ids[pattern] as number,
      clusterName: NAMES[pattern] as string,
      distance: random(),
    };
  });
  const revenue = customers.reduce((sum, each) => sum + each.monetary, 0);
  const clusters = NAMES.map((name, pattern): ClusterProfile => {
    const cluster = ids[pattern] as number;
    const members = customers.filter((each) => each.cluster === cluster);
    const sum = (measure: (of: ClusteredCustomer) => number) => members.reduce((total, of) => total + measure(of), 0);
    const medians = mediansOf(members);
    return {
      cluster,
      name,
      customers: members.length,
      recencyDaysMedian: medians?.recencyDays ?? 0,
      frequencyMedian: medians?.frequency ?? 0,
      monetaryMedian: medians?.monetary ?? 0,
      recencyDaysMean: sum((of) => of.recencyDays) / (members.length || 1),
      frequencyMean: sum((of) => of.frequency) / (members.length || 1),
      monetaryMean: sum((of) => of.monetary) / (members.length || 1),
      revenueShare: sum((of) => of.monetary) / revenue,
      action: "",
    };
  });
  return { customers, clusters };
}

/** Their features as a matrix, raw and min-max scaled. */
export function features(customers: readonly ClusteredCustomer[]): { raw: Matrix; scaled: Matrix } {
  const rows = customers.length;
  const raw = Float64Array.from(customers.flatMap((of) => [of.recencyDays, of.frequency, of.monetary]));
  const scaled = raw.map((value, index) => {
    const column = raw.filter((_, at) => at % 3 === index % 3);
    return (value - Math.min(...column)) / (Math.max(...column) - Math.min(...column));
  });
  return { raw: { values: raw, rows, columns: 3 }, scaled: { values: scaled, rows, columns: 3 } };
}
