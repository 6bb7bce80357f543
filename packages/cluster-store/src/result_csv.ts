/** What a run found, as CSV: the same facts as in the tables. */
import { guardedField } from "@keyspaces-segmentation/common";
import type { ClusteredCustomer, ClusterProfile } from "@keyspaces-segmentation/customer-clusters";

type CsvValue = string | number;

/** Lines of a header and rows. A number is one also where it begins with a minus; a text never becomes a formula. */
function csv(header: string, rows: readonly CsvValue[][]): string {
  const fields = rows.map((row) =>
    row.map((value) => (typeof value === "number" ? String(value) : guardedField(value))).join(","),
  );
  return [header, ...fields].map((line) => `${line}\n`).join("");
}

/** `customers.csv`: a line a customer, by cluster and within it by distance from its centre, the most typical first. */
export function customersCsv(customers: readonly ClusteredCustomer[]): string {
  const ordered = customers.toSorted(
    (a, b) => a.cluster - b.cluster || a.distance - b.distance || (a.customerId < b.customerId ? -1 : 1),
  );
  return csv(
    "customer_id,country,recency_days,frequency,monetary,r,f,m,segment,cluster,cluster_name,distance",
    ordered.map((of) => [
      of.customerId,
      of.country,
      of.recencyDays,
      of.frequency,
      of.monetary,
      of.r,
      of.f,
      of.m,
      of.segment,
      of.cluster,
      of.clusterName,
      of.distance,
    ]),
  );
}

/** `clusters.csv`: a line a cluster, also for an empty one, whose means and medians are empty fields: nobody's mean is not 0. */
export function clustersCsv(clusters: readonly ClusterProfile[]): string {
  return csv(
    "cluster,name,customers,recency_days_mean,frequency_mean,monetary_mean,revenue_share," +
      "recency_days_median,frequency_median,monetary_median",
    clusters.map((of) => [
      of.cluster,
      of.name,
      of.customers,
      ...(of.customers > 0 ? [of.recencyDaysMean, of.frequencyMean, of.monetaryMean] : ["", "", ""]),
      of.revenueShare,
      ...(of.customers > 0 ? [of.recencyDaysMedian, of.frequencyMedian, of.monetaryMedian] : ["", "", ""]),
    ]),
  );
}
