import { quoteString } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import type { Row } from "../protocol/rows.js";
import { NEW_TABLE_READ_UNITS, NEW_TABLE_WRITE_UNITS } from "../rules/ramp.js";
import { textOf } from "../schema/cells.js";
import { payingSince, restorableSince } from "../schema/custom_properties.js";
import type { TableRecord } from "../schema/records.js";

const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
const position = (row: Row): number => row.get("position")?.readInt32BE(0) ?? 0;

/** A table as GetTable answers, without its names: from what Cassandra has of it, and from what only the service knows. */
export async function describeTable(
  record: TableRecord,
  regions: readonly string[],
  backend: Backend,
): Promise<object> {
  const { keyspace, table, status } = record;
  const where = `WHERE keyspace_name = ${quoteString(keyspace)} AND table_name = ${quoteString(table)}`;
  const [columns, [options]] = await Promise.all([
    backend.query(`SELECT * FROM system_schema.columns ${where}`),
    backend.query(`SELECT comment, default_time_to_live, id FROM system_schema.tables ${where}`),
  ]);
  const created = createdAt(options?.get("id"));
  const comment = options ? textOf(options, "comment") : "";
  const seconds = options?.get("default_time_to_live")?.readInt32BE(0) ?? 0;
  const capacity = capacityOf(record, created);
  return {
    creationTimestamp: created,
    status,
    schemaDefinition: schemaOf(columns),
    capacitySpecification: capacity,
    ...settingsOf(record),
    defaultTimeToLive: seconds > 0 ? seconds : undefined,
    comment: comment === "" ? undefined : { message: comment },
    replicaSpecifications:
      regions.length > 0 ? regions.map((region) => ({ region, status, capacitySpecification: capacity })) : undefined,
  };
}

function schemaOf(rows: readonly Row[]): object {
  const ofKind = (kind: string) =>
    rows.filter((row) => textOf(row, "kind") === kind).toSorted((one, other) => position(one) - position(other));
  const name = (row: Row) => ({ name: textOf(row, "column_name") });
  const clustering = ofKind("clustering");
  const statics = ofKind("static");
  const inOrder = [...ofKind("partition_key"), ...clustering, ...statics, ...ofKind("regular")];
  return {
    allColumns: inOrder.map((row) => ({ ...name(row), type: textOf(row, "type") })),
    partitionKeys: ofKind("partition_key").map(name),
    clusteringKeys: clustering.map((row) => ({ ...name(row), orderBy: textOf(row, "clustering_order").toUpperCase() })),
    staticColumns: statics.map(name),
  };
}

function capacityOf({ customProperties }: TableRecord, created: Date | undefined): object {
  const mode = customProperties.get("capacity_mode");
  const throughputMode = mode?.get("throughput_mode") ?? "PAY_PER_REQUEST";
  if (throughputMode === "PAY_PER_REQUEST") {
    return { throughputMode, lastUpdateToPayPerRequestTimestamp: payingSince(customProperties) ?? created };
  }
  return {
    throughputMode,
    readCapacityUnits: number(mode?.get("read_capacity_units")),
    writeCapacityUnits: number(mode?.get("write_capacity_units")),
  };
}

function settingsOf({ customProperties, cdc }: TableRecord): object {
  const setting = (property: string, name: string) => customProperties.get(property)?.get(name);
  const enabled = (property: string) => (setting(property, "status") === "enabled" ? { status: "ENABLED" } : undefined);
  return {
    encryptionSpecification: {
      type: setting("encryption_specification", "encryption_type") ?? "AWS_OWNED_KMS_KEY",
      kmsKeyIdentifier: setting("encryption_specification", "kms_key_identifier"),
    },
    pointInTimeRecovery: {
      status: enabled("point_in_time_recovery")?.status ?? "DISABLED",
      earliestRestorableTimestamp: restorableSince(customProperties),
    },
    ttl: enabled("ttl"),
    clientSideTimestamps: enabled("client_side_timestamps"),
    cdcSpecification: cdc ? { status: "ENABLED", viewType: setting("cdc_specification", "view_type") } : undefined,
    warmThroughputSpecification: {
      readUnitsPerSecond: warmUnits(customProperties, "read", NEW_TABLE_READ_UNITS),
      writeUnitsPerSecond: warmUnits(customProperties, "write", NEW_TABLE_WRITE_UNITS),
      status: "AVAILABLE",
    },
  };
}

/** What a table can do at once without having been warmed: what a new one can, or what it was provisioned with. */
function warmUnits(properties: TableRecord["customProperties"], kind: "read" | "write", fresh: number): number {
  const given = properties.get("warm_throughput")?.get(`${kind}_units_per_second`);
  const provisioned = properties.get("capacity_mode")?.get(`${kind}_capacity_units`);
  return Number(given ?? provisioned ?? fresh);
}

/** Between the epochs of UUIDs, 1582, and of Unix, in ms. */
const UUID_EPOCH_MS = 12_219_292_800_000n;

/** Cassandra's id of a table is a UUID of the time that it was made at; undefined for another one. */
function createdAt(id: Buffer | null | undefined): Date | undefined {
  if (id?.length !== 16 || id[6]! >> 4 !== 1) return undefined;
  const ticks =
    (BigInt(id.readUInt16BE(6) & 0x0fff) << 48n) | (BigInt(id.readUInt16BE(4)) << 32n) | BigInt(id.readUInt32BE(0));
  return new Date(Number(ticks / 10_000n - UUID_EPOCH_MS));
}
