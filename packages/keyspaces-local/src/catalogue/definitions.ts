import { type CatalogueEntry, entry } from "./entry.js";

export type DefinitionCode =
  | "KL-INDEX"
  | "KL-VIEW"
  | "KL-TRIGGER"
  | "KL-UDF"
  | "KL-UDA"
  | "KL-TRUNCATE"
  | "KL-ALTER-TYPE"
  | "KL-ROLES"
  | "KL-RESTORE"
  | "KL-STATEMENT"
  | "KL-NAME"
  | "KL-TYPE-NAME"
  | "KL-REPLICATION"
  | "KL-REGIONS"
  | "KL-REGION-TIMESTAMPS"
  | "KL-DURABLE-WRITES"
  | "KL-OPTION"
  | "KL-DEFAULT-TTL"
  | "KL-TYPE"
  | "KL-NESTING"
  | "KL-ALTER-TABLE"
  | "KL-ONE-PROPERTY"
  | "KL-PROPERTY"
  | "KL-IRREVERSIBLE"
  | "KL-WARM-THROUGHPUT"
  | "KL-CDC"
  | "KL-AUTOSCALING"
  | "KL-TAGS"
  | "KL-KEY"
  | "KL-QUOTA"
  | "KL-DEFINITIONS"
  | "KL-SCHEMA-SIZE"
  | "KL-FIELD-NAME"
  | "KL-TYPE-NESTING"
  | "KL-TYPE-TABLES"
  | "KL-TYPE-FAMILY"
  | "KL-UNCONFIGURED"
  | "KL-EVENTS"
  | "KL-BUSY"
  | "KL-SYSTEM"
  | "KL-PARTITIONER";

/** What can be defined, and what the service shows of it. */
export const definitionEntries: Readonly<Record<DefinitionCode, CatalogueEntry>> = {
  "KL-INDEX": entry("enforced", "cassandra-apis", "secondary index", "refused"),
  "KL-VIEW": entry("enforced", "cassandra-apis", "materialized view", "refused"),
  "KL-TRIGGER": entry("enforced", "cassandra-apis", "trigger", "refused"),
  "KL-UDF": entry("enforced", "cassandra-apis", "user-defined function", "refused"),
  "KL-UDA": entry("enforced", "cassandra-apis", "user-defined aggregate", "refused"),
  "KL-TRUNCATE": entry("enforced", "cassandra-apis", "TRUNCATE", "refused"),
  "KL-ALTER-TYPE": entry("enforced", "cassandra-apis", "ALTER TYPE", "refused"),
  "KL-ROLES": entry("enforced", "functional-differences", "roles, users and permissions", "refused"),
  "KL-RESTORE": entry("not", "cql.ddl.table", "RESTORE TABLE", "refused by name, by CQL and by the control plane"),
  "KL-STATEMENT": entry("enforced", "cassandra-apis", "any other statement", "refused; so are two statements in one"),
  "KL-NAME": entry(
    "enforced",
    "cql.elements",
    "names of 1 to 48 letters, digits and underscores",
    "of types, any characters in double quotes",
  ),
  "KL-TYPE-NAME": entry(
    "enforced",
    "cql.ddl.type",
    "user-defined types that are called like native ones",
    "refused, unless in double quotes; CreateType too, which takes names as CQL writes them",
  ),
  "KL-REPLICATION": entry(
    "enforced",
    "cql.ddl.keyspace",
    "replication other than SingleRegionStrategy and NetworkTopologyStrategy",
    "refused",
  ),
  "KL-REGIONS": entry(
    "partly",
    "multiRegion-replication",
    "multi-Region keyspaces",
    "metadata only, nothing is replicated: two Regions at least, this one among them, factor 3; they cannot be taken away, and tables have client-side timestamps; `system_multiregion_info` shows them",
  ),
  "KL-REGION-TIMESTAMPS": entry(
    "enforced",
    "keyspaces-multi-region-add-replica",
    "a Region for a keyspace with tables that have no client-side timestamps",
    "refused, unless ALTER KEYSPACE says CLIENT_SIDE_TIMESTAMPS",
  ),
  "KL-DURABLE-WRITES": entry("enforced", "cql.ddl.keyspace", "DURABLE_WRITES = false", "refused"),
  "KL-OPTION": entry("enforced", "cql.ddl.table", "unknown options of keyspaces and tables", "refused"),
  "KL-DEFAULT-TTL": entry("enforced", "quotas", "default_time_to_live from 0 to 630720000"),
  "KL-TYPE": entry(
    "enforced",
    "cassandra-apis",
    "columns and fields of type duration or vector or of a custom type, masked columns",
    "refused",
  ),
  "KL-NESTING": entry("enforced", "quotas", "collections nested more than 8 deep", "refused"),
  "KL-ALTER-TABLE": entry("enforced", "cql.ddl.table", "ALTER TABLE other than ADD and WITH", "refused"),
  "KL-ONE-PROPERTY": entry(
    "enforced",
    "cql.ddl.table",
    "more than one custom property in an ALTER TABLE",
    "refused; UpdateTable too",
  ),
  "KL-PROPERTY": entry(
    "partly",
    "cql.ddl.table",
    "custom properties",
    "checked, stored and shown; capacity_mode, ttl, client_side_timestamps and, with `ramp`, warm_throughput have an effect; replica_updates is refused, but in AUTOSCALING_SETTINGS",
  ),
  "KL-IRREVERSIBLE": entry("enforced", "cql.ddl.table", "ttl or client_side_timestamps taken back", "refused"),
  "KL-WARM-THROUGHPUT": entry(
    "partly",
    "warm-throughput",
    "warm throughput",
    "units of 1 at least, shown as AVAILABLE at once; less than before is refused, as the guide speaks of increasing it only",
  ),
  "KL-CDC": entry(
    "partly",
    "cdc",
    "change data capture",
    "streams of one shard, read by the API of KeyspacesStreams: ListStreams, GetStream, GetShardIterator and GetRecords, tagged by CQL (`TAGS_FOR_CDC`) and SDK; after `cdc = FALSE` still for 24 hours, in which the shard is closed; records are made of the rows before and after a write, one for a row of a batch and one for the static columns of a partition, and are there before its answer; writes on such a table come one by one. Cells say when they were written (with client_side_timestamps, in microseconds) and end (with ttl, in seconds), which collections and their elements do not; AWS does not say in what units. Missing: REPLICATION records, the end of rows by TTL while this is not running or that have no column but the key; keys given by functions and INSERT JSON are refused",
  ),
  "KL-AUTOSCALING": entry(
    "partly",
    "autoscaling",
    "auto scaling",
    "refused for a table that is not PROVISIONED; checked, stored and shown, those of a Region by `system_multiregion_info` and GetTableAutoScalingSettings, nothing scales",
  ),
  "KL-TAGS": entry(
    "enforced",
    "TaggingRestrictions",
    "tags",
    "at most 60, keys of 1 to 128 and values of 1 to 256 of the characters that AWS allows; no permissions hang on them",
  ),
  "KL-KEY": entry(
    "partly",
    "encryption.customermanaged",
    "customer keys of tables",
    "form and Region always; that the key is there, enabled and the caller's to use, where the option `keys` is given",
  ),
  "KL-QUOTA": entry("enforced", "quotas", "more than 256 keyspaces, 256 tables or 256 user-defined types", "refused"),
  "KL-DEFINITIONS": entry(
    "enforced",
    "quotas",
    "more than 50 definitions under way at once",
    "refused; a keyspace's counts once, whatever tables it has",
  ),
  "KL-SCHEMA-SIZE": entry(
    "partly",
    "quotas",
    "schema of a table over 350 KB, of a user-defined type over 25 KB",
    "refused by the bytes of the definition's columns; what an ALTER TABLE adds counts alone",
  ),
  "KL-FIELD-NAME": entry(
    "enforced",
    "quotas",
    "fields of user-defined types with names over 128 characters",
    "refused",
  ),
  "KL-TYPE-NESTING": entry("enforced", "quotas", "user-defined types nested more than 8 deep", "refused"),
  "KL-TYPE-TABLES": entry(
    "enforced",
    "quotas",
    "a user-defined type in more than 100 tables, more than 50 of them in one table",
    "refused; those that a column names, not those inside of them",
  ),
  "KL-TYPE-FAMILY": entry(
    "enforced",
    "quotas",
    "more than 10 user-defined types directly inside of one, or one directly inside of more than 10",
    "refused",
  ),
  "KL-UNCONFIGURED": entry(
    "enforced",
    "troubleshooting.cql",
    "asynchronous DDL",
    "CREATING, ACTIVE, UPDATING, DELETING in `system_schema_mcs`; `unconfigured table` until ACTIVE",
  ),
  "KL-EVENTS": entry(
    "partly",
    "https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec",
    "events",
    "SCHEMA_CHANGE for each definition, by whichever door, once it has taken effect: the guide says nothing of events, so this is what the protocol promises whoever registers; nothing ever happens to nodes",
  ),
  "KL-BUSY": entry(
    "enforced",
    "keyspaces-multi-region-add-replica",
    "definitions in a keyspace that a Region is being added to",
    "refused until it is ACTIVE",
  ),
  "KL-SYSTEM": entry(
    "partly",
    "working-with-keyspaces",
    "system tables",
    "those that Keyspaces documents, read-only; `system_schema.tables` and `.columns` list them beside the user's, `system_schema_mcs.tables` the user's only; `system_schema_mcs.tags` is asked by keyspace and type, by keyspace and name, or by ARN, as in the service, and also in ways that the service refuses",
  ),
  "KL-PARTITIONER": entry(
    "partly",
    "working-with-partitioners",
    "the account's partitioner",
    "a new account's, `com.amazonaws.cassandra.DefaultPartitioner`, or as set; `UPDATE system.local` changes it, at once, to one with the same tokens, any other is refused: tokens are the database's",
  ),
};
