import { noExtremes } from "@keyspaces-segmentation/invoices/dist/file_extremes.js";
import { noEvidence, rulesOf } from "@keyspaces-segmentation/invoices/dist/line_rules.js";
import { noOverlap } from "@keyspaces-segmentation/invoices/dist/overlap.js";
import type { Summary } from "../../src/summary.js";
import { clusteredCustomers } from "./clustered_customers.js";

/** What a first run says of itself; the test says what matters about it. */
export function summaryOf(changes: Partial<Summary> = {}): Summary {
  const { customers, clusters } = clusteredCustomers(157);
  return {
    run: "2010-12-09-net-min_max-k6-91c0e5a2f7",
    dataset: { uri: "s3://data/shop/online_retail.csv", lines: 14_269, generated: false, reading: [] },
    ledger: {
      stored: 14_262,
      rejected: 7,
      earlier: 0,
      overlap: noOverlap,
      bins: [],
      file: {
        firstInvoice: "2009-12-01T09:28:00.000Z",
        lastInvoice: "2010-12-09T14:55:00.000Z",
        lines: 14_269,
        amount: "356220.425",
        bins: [
          { bin: "no_customer", lines: 3500, amount: "48210.55" },
          { bin: "cancelled", lines: 262, amount: "-9841.20" },
          { bin: "quantity_not_positive", lines: 31, amount: "0" },
          { bin: "price_not_positive", lines: 19, amount: "0" },
          { bin: "not_a_product", lines: 108, amount: "2740.075" },
          { bin: "purchase", lines: 10_342, amount: "315096.00" },
        ],
        rejects: [{ reason: "… is not a date", lines: 7, amount: "15" }],
        repeated: { lines: 0, amount: "0" },
        rules: rulesOf(noEvidence),
        extremes: noExtremes,
      },
    },
    keyspace: "blog_20261121",
    table: "online_retail",
    parameters: { analysisDate: "2010-12-09", preparation: "net", currency: "GBP" },
    customers: customers.length,
    training: { job: "kmeans-1", algorithm: "kmeans", k: 6, inertia: 1.5, seconds: 60 },
    clusters,
    identity: {
      lastRun: null,
      clusters: clusters.map(({ cluster, name }) => ({ id: cluster, name, relation: "new", origin: null })),
      gone: [],
    },
    movement: null,
    costs: null,
    requests: { read: 4 },
    seconds: { ingest: 2 },
    ...changes,
  };
}
