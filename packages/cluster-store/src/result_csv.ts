/** What a run found, as CSV: the same facts as in the tables. */
import { guardedField } from "@keyspaces-segmentation/common";
import type { ClusteredCustomer, ClusterProfile } from "@keyspaces-segmentation/customer-clusters";

type CsvValue = string | number;

/** A line. A number is one also where it begins with a minus; a text never becomes a formula. */
const lineOf = (row: readonly CsvValue[]): string =>
  `${row.map((value) => (typeof value === "number" ? String(value) : guardedField(value))).join(",")}\n`;

/** Lines that are handed on together: writing each alone would take longer. */
const LINES = 1000;

/**
 * `customers.csv`: a line a customer, by cluster and within it by distance from its centre, the most typical first. In pieces of some
 * lines, so that a million customers need not be in memory as one text.
 */
export function* customersCsv(customers: readonly ClusteredCustomer[]): Generator<string> {
  const ordered = customers.toSorted(
    (a, b) => a.cluster - b.cluster || a.distance - b.distance || (a.customerId < b.customerId ? -1 : 1),
  );
  yield "customer_id,country,recency_days,frequency,monetary,r,f,m,segment,cluster,cluster_name,distance\n";
  for (let at = 0; at < ordered.length; at += LINES) {
    const lines = ordered.slice(at, at + LINES).map((of) => {
      const features = [of.recencyDays, of.frequency, of.monetary];
      const cluster = [of.cluster, of.clusterName, of.distance];
      return lineOf([of.customerId, of.country, ...features, of.r, of.f, of.m, of.segment, ...cluster]);
    });
    yield lines.join("");
  }
}

/** `clusters.csv`: a line a cluster, also for an empty one, whose means and medians are empty fields: nobody's mean is not 0. */
export function clustersCsv(clusters: readonly ClusterProfile[]): string {
  const header =
    "cluster,name,customers,recency_days_mean,frequency_mean,monetary_mean,revenue_share," +
    "recency_days_median,frequency_median,monetary_median\n";
  const lines = clusters.map((of) => {
    const means = of.customers > 0 ? [of.recencyDaysMean, of.frequencyMean, of.monetaryMean] : ["", "", ""];
    const medians = of.customers > 0 ? [of.recencyDaysMedian, of.frequencyMedian, of.monetaryMedian] : ["", "", ""];
    return lineOf([of.cluster, of.name, of.customers, ...means, of.revenueShare, ...medians]);
  });
  return header + lines.join("");
}
