import { type CatalogueEntry, entry } from "./entry.js";

export type LimitCode =
  | "KL-CONNECTION-RATE"
  | "KL-CAPACITY"
  | "KL-UNITS"
  | "KL-ROW-SIZE"
  | "KL-PARTITION-KEY"
  | "KL-CLUSTERING-KEY"
  | "KL-EMPTY-CLUSTERING"
  | "KL-RANGE-DELETE"
  | "KL-PAGE-SIZE"
  | "KL-EMPTY-PAGES"
  | "KL-API";

/** What the values and their number come to. */
export const limitEntries: Readonly<Record<LimitCode, CatalogueEntry>> = {
  "KL-CONNECTION-RATE": entry(
    "enforced",
    "quotas",
    "requests on a connection: 3,000 a second",
    "each QUERY, EXECUTE and BATCH, each subquery of an IN; beyond that `Operation timed out - received only 0 responses.`, 0x1100 for writes and 0x1200 for reads",
  ),
  "KL-CAPACITY": entry(
    "partly",
    "ReadWriteCapacityMode",
    "capacity of a table: 40,000 units a second, or as PROVISIONED; of a partition: 1,000 write and 3,000 read units",
    "the same errors; an on-demand table behaves as a pre-warmed one; the ramp of a new one (4,000 write and 12,000 read units, then twice the peak of the half hour before) is there with `throughput: { ramp: true }`; 1 s may be saved up; no quota of the account; of partitions, where the key is bound or a constant, and not in an IN",
  ),
  "KL-UNITS": entry(
    "partly",
    "ReadWriteCapacityMode",
    "units of reads and writes",
    "rows weigh what the guide's formula says, with the bytes of the protocol for the types that it leaves out; a write whose condition fails is billed, a LOGGED batch twice; a page by its rows and the mean row that was written through this gateway, a full scan one more for each of four storage partitions that is empty; rows that a filter drops, and the reads of IF on tables with TTL, are not counted. `gateway.units()` tells them by table",
  ),
  "KL-ROW-SIZE": entry("partly", "quotas", "row over 1 MB", "refused by what one statement writes of it"),
  "KL-PARTITION-KEY": entry("enforced", "calculating-row-size", "partition key over 2,048 bytes", "refused"),
  "KL-CLUSTERING-KEY": entry("enforced", "calculating-row-size", "clustering columns over 850 bytes", "refused"),
  "KL-EMPTY-CLUSTERING": entry(
    "enforced",
    "functional-differences",
    "empty text or blob in a clustering column",
    "refused in writes",
  ),
  "KL-RANGE-DELETE": entry(
    "enforced",
    "functional-differences",
    "range delete of more than 1,000 rows",
    "refused; each row costs a unit",
  ),
  "KL-PAGE-SIZE": entry(
    "partly",
    "paginating-results",
    "pages of at most 1 MB",
    "by the size of the answer, not of what was read for it",
  ),
  "KL-EMPTY-PAGES": entry(
    "enforced",
    "paginating-results",
    "short and empty pages",
    "one page in ten of a longer scan comes empty, and every other one with ALLOW FILTERING, which also gives a quarter of the rows asked for; a paging state of another statement is refused; system tables come in one piece unless a test sets `systemRows`",
  ),
  "KL-API": entry(
    "partly",
    "https://docs.aws.amazon.com/keyspaces/latest/APIReference/Welcome.html",
    "control plane: keyspaces, tables, types and tags by SDK",
    "JSON 1.0 and CBOR, checked by AWS's service model; one schema with CQL; RestoreTable is refused by name, replicaSpecifications too",
  ),
};
