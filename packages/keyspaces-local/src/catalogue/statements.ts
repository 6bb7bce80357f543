import { type CatalogueEntry, entry } from "./entry.js";

export type StatementCode =
  | "KL-UNLOGGED-SIZE"
  | "KL-UNLOGGED-CONDITION"
  | "KL-LOGGED"
  | "KL-LOGGED-SIZE"
  | "KL-LOGGED-STATIC"
  | "KL-LOGGED-BYTES"
  | "KL-LOGGED-OPERATOR"
  | "KL-LOGGED-RANGE"
  | "KL-LOGGED-COUNTER"
  | "KL-LOGGED-ROW"
  | "KL-COUNTER-BATCH"
  | "KL-BATCH-STATEMENT"
  | "KL-COUNT"
  | "KL-AGGREGATE"
  | "KL-FUNCTION"
  | "KL-GROUP-BY"
  | "KL-DISTINCT"
  | "KL-PER-PARTITION"
  | "KL-OPERATOR"
  | "KL-ARITHMETIC"
  | "KL-ELEMENT"
  | "KL-BRACKETS"
  | "KL-IN-WRITE"
  | "KL-IN-COLUMN"
  | "KL-IN-SUBQUERIES"
  | "KL-TTL"
  | "KL-TIMESTAMP"
  | "KL-TIMESTAMP-RANGE"
  | "KL-VARINT"
  | "KL-INEQUALITY"
  | "KL-IN-TOKEN"
  | "KL-IN-ORDER"
  | "KL-COLUMNS"
  | "KL-MARKERS"
  | "KL-PREPARED";

/** What can be asked of rows, alone and in batches. */
export const statementEntries: Readonly<Record<StatementCode, CatalogueEntry>> = {
  "KL-UNLOGGED-SIZE": entry("enforced", "batchStatements", "more than 30 statements in an UNLOGGED batch", "refused"),
  "KL-UNLOGGED-CONDITION": entry("enforced", "batchStatements", "conditions in an UNLOGGED batch", "refused"),
  "KL-LOGGED": entry(
    "partly",
    "batchStatements",
    "LOGGED batch",
    'taken since November 2025, for twice the units; with `loggedBatches: "refuse"`, refused as before: `Only UNLOGGED Batches are supported at this time.` Conditions on several partitions or tables are all looked at before anything is done, while other writes on these tables wait, but for those that are on their way already; the answer is `[applied]` alone, as AWS does not say what else. Missing: concurrent writes to its rows do not fail; a text with conditions on several tables is not prepared',
  ),
  "KL-LOGGED-SIZE": entry("enforced", "batchStatements", "more than 100 statements in a LOGGED batch", "refused"),
  "KL-LOGGED-STATIC": entry(
    "enforced",
    "quotas",
    "more than 50 statements in a LOGGED batch that writes static columns",
    "refused",
  ),
  "KL-LOGGED-BYTES": entry("partly", "quotas", "LOGGED batch over 4 MB", "refused by the bytes of its message"),
  "KL-LOGGED-OPERATOR": entry(
    "enforced",
    "batchStatements",
    "anything but equality in the WHERE of a LOGGED batch",
    "refused: `<`, `>`, `<=`, `>=`, IN, LIKE, BETWEEN",
  ),
  "KL-LOGGED-RANGE": entry("enforced", "batchStatements", "range delete in a LOGGED batch", "refused"),
  "KL-LOGGED-COUNTER": entry("enforced", "batchStatements", "counters in a LOGGED batch", "refused"),
  "KL-LOGGED-ROW": entry(
    "enforced",
    "batchStatements",
    "several statements on one row in a LOGGED batch",
    "refused where the key is bound or a constant, by its bytes",
  ),
  "KL-COUNTER-BATCH": entry("enforced", "batchStatements", "COUNTER batch", "refused: the grammar has none"),
  "KL-BATCH-STATEMENT": entry(
    "enforced",
    "batchStatements",
    "anything but INSERT, UPDATE and DELETE in a batch",
    "refused",
  ),
  "KL-COUNT": entry("enforced", "functional-differences", "COUNT", "refused"),
  "KL-AGGREGATE": entry("enforced", "cassandra-apis", "MIN, MAX, SUM, AVG", "refused"),
  "KL-FUNCTION": entry(
    "enforced",
    "cql.functions",
    "functions that Keyspaces does not have",
    "refused; it has toJson, fromJson, currentDate, currentTime, currentTimestamp and currentTimeUUID; ttl and writetime of a collection are refused too",
  ),
  "KL-GROUP-BY": entry("enforced", "cql.dml.select", "GROUP BY", "refused: the grammar has none"),
  "KL-DISTINCT": entry("enforced", "cql.dml.select", "SELECT DISTINCT", "refused: the grammar has none"),
  "KL-PER-PARTITION": entry("enforced", "cql.dml.select", "PER PARTITION LIMIT", "refused: the grammar has none"),
  "KL-OPERATOR": entry(
    "enforced",
    "cql.dml.select",
    "operators other than =, <, >, <=, >=, IN, CONTAINS and CONTAINS KEY in WHERE",
    "refused: !=, LIKE, BETWEEN, IS NOT, NOT IN",
  ),
  "KL-ARITHMETIC": entry(
    "partly",
    "cql.dml.select",
    "CQL that Cassandra 4 and 5 added",
    "arithmetic in SELECT is refused (`SELECT k + 1`); beside what has an entry of its own, whatever else 3.11 has not is silently accepted",
  ),
  "KL-ELEMENT": entry(
    "enforced",
    "cql.dml.select",
    "elements of collections in SELECT and its WHERE",
    "refused (`m['a']`, `m['a'..'b']`): the grammar has none; fields of user-defined types are taken",
  ),
  "KL-BRACKETS": entry(
    "enforced",
    undefined,
    "brackets nested more than 10 deep",
    "refused here, as Cassandra's parser takes minutes for 30; the service's own limit is known for collections only, 8",
  ),
  "KL-IN-WRITE": entry("enforced", "functional-differences", "IN in UPDATE and DELETE", "refused"),
  "KL-IN-COLUMN": entry(
    "enforced",
    "cql.dml.select",
    "IN with columns that are not of the primary key",
    "refused, in the words of Cassandra 3.11",
  ),
  "KL-IN-SUBQUERIES": entry("enforced", "quotas", "IN with more than 100 subqueries", "refused"),
  "KL-TTL": entry("enforced", "TTL", "USING TTL without the table property ttl", "refused"),
  "KL-TIMESTAMP": entry(
    "enforced",
    "client-side-timestamps",
    "USING TIMESTAMP and WRITETIME without the table property client_side_timestamps",
    "refused",
  ),
  "KL-TIMESTAMP-RANGE": entry(
    "partly",
    "client-side-timestamps-how-to-queries",
    "timestamps of more than 2 days in the past or 5 minutes in the future",
    "refused in USING TIMESTAMP; what a driver gives each request by itself is not looked at",
  ),
  "KL-VARINT": entry(
    "partly",
    "cql.elements",
    "varints beyond 10^38 and -10^38",
    "refused where they are bound or constants by themselves, not inside of collections",
  ),
  "KL-INEQUALITY": entry(
    "enforced",
    "functional-differences",
    "<, >, <=, >= and != with whole collections and user-defined types",
    "refused in WHERE and in IF",
  ),
  "KL-IN-TOKEN": entry("enforced", "functional-differences", "token() and IN in one WHERE", "refused"),
  "KL-IN-ORDER": entry(
    "enforced",
    "in.select",
    "the order of what IN finds, and its pages",
    "one subquery for each combination of what is listed, in that order; ORDER BY orders the rows of each, not those of all; a page ends after ten of them, in lenient mode not before it has a row. The guide does not say what becomes of a key that is listed twice: it is found once, as in Cassandra, where it is a text, blob, UUID or whole number (a timestamp as a number too, no varint) of one column, without a cast, and otherwise if it is written in the same way. What Cassandra refuses of what is bound inside a collection, tuple or user-defined type, or in brackets beside constants, it refuses once it comes to that subquery; of all else, at once. A scan with IN and ALLOW FILTERING, and an IN in brackets, are Cassandra's",
  ),
  "KL-COLUMNS": entry(
    "enforced",
    "quotas",
    "more than 225 regular columns in an INSERT or UPDATE, 166 with the table property ttl",
    "refused; INSERT JSON is not counted",
  ),
  "KL-MARKERS": entry("enforced", undefined, "more than 65,535 bind markers", "refused in Cassandra's words"),
  "KL-PREPARED": entry("enforced", "functional-differences", "prepared USE and definitions", "refused"),
};
