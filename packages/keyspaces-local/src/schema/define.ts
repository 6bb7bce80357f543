import { tokenize } from "../cql/lexer.js";
import type { Backend } from "../protocol/backend.js";
import { Opcode } from "../protocol/frame.js";
import { invalid } from "../protocol/refusal.js";
import { alreadyExists, isSchemaChange, readError, schemaChangeBody, voidResult } from "../protocol/responses.js";
import type { SchemaChange } from "../protocol/schema_change.js";
import { keyspaceArn, type Owner, streamArn, tableArn } from "./arns.js";
import {
  type CustomProperties,
  defaultCustomProperties,
  viewOf,
  withPayingSince,
  withRestorableSince,
  withStreamShown,
} from "./custom_properties.js";
import { type Definition, translate } from "./ddl.js";
import type { Lifecycle } from "./lifecycle.js";
import { type Quotas, requireAtMost, requireRoom } from "./quotas.js";
import { checkRegions } from "./regions.js";
import type { SchemaEvents } from "./schema_events.js";
import type { Resource, SchemaStore } from "./schema_store.js";
import type { StreamStore } from "./stream_store.js";
import type { KeyLookup } from "./table_key.js";
import { checkTypeQuotas } from "./type_quotas.js";
import { showTypes } from "./type_store.js";

export interface Definer {
  readonly backend: Backend;
  readonly store: SchemaStore;
  readonly lifecycle: Lifecycle;
  readonly streams: StreamStore;
  readonly events: SchemaEvents;
  readonly region: string;
  readonly account: string;
  readonly keys?: KeyLookup | undefined;
  /** The database's partitioner. */
  readonly database: string;
  readonly quotas: Quotas;
  readonly now: () => Date;
}

const past = { create: "CREATED", alter: "UPDATED", drop: "DROPPED" } as const;

/**
 * Carries out a CREATE, ALTER or DROP, over the gateway's own connection: a client that goes away in the middle must
 * not leave Cassandra and the gateway of two minds.
 *
 * @returns the body of the RESULT
 * @throws Refusal with Cassandra's words or the service's
 */
export async function define(definition: Definition, definer: Definer): Promise<Buffer> {
  const { backend } = definer;
  const settled = checkState(definition, definer);
  if (settled) return settled;
  const { lifecycle, quotas } = definer;
  checkRegions(definition, definer.region, lifecycle);
  checkReplicas(definition, lifecycle);
  requireAtMost(quotas.definitions, lifecycle.countUnderWay() + 1, "Definitions under way at once", "KL-DEFINITIONS");
  const columns = [...(lifecycle.findTable(definition.keyspace, definition.name)?.columns.values() ?? [])];
  await checkTypeQuotas(definition, columns.map(tokenize), definer);
  const customProperties =
    definition.object === "table" ? mergeProperties(definition, lifecycle, definer.now()) : new Map();

  const cql = translate(definition);
  const { keyspace, object, name } = definition;
  const change: SchemaChange = { change: past[definition.kind], object, keyspace, name };
  let body = schemaChangeBody(change);
  if (cql !== undefined) {
    const frame = await backend.ask(cql);
    if (frame.opcode === Opcode.error) throw readError(frame);
    if (!isSchemaChange(frame)) return voidResult;
    // Copied as it came: the change of a type has a form of its own.
    if (frame.flags === 0) body = frame.body;
  }
  await record(definition, customProperties, definer);
  // A keyspace's Regions are those of its types too.
  if (object !== "keyspace" || definition.kind === "alter") {
    await showTypes(backend, keyspace, lifecycle.findKeyspace(keyspace)?.regions ?? [], definer.now());
  }
  // Of what takes its time the lifecycle tells.
  const isAtOnce = object === "type" || (object === "keyspace" && definition.kind === "alter" && !definition.regions);
  if (isAtOnce) definer.events.tell(change);
  return body;
}

/** What can be told without asking Cassandra: a void result for what IF (NOT) EXISTS makes empty. */
function checkState(definition: Definition, { lifecycle, quotas }: Definer): Buffer | undefined {
  const { kind, object, tolerant, keyspace, name } = definition;
  if (object === "keyspace") {
    const status = lifecycle.findKeyspace(keyspace)?.status;
    if (kind === "create") {
      if (status && !(tolerant && status !== "DELETING")) throw alreadyExists(keyspace);
      if (!status) requireRoom("keyspaces", lifecycle.keyspaces().length, quotas);
      return status ? voidResult : undefined;
    }
    if (!status && tolerant) return voidResult;
    requireIdle(keyspace, lifecycle);
    return undefined;
  }
  requireIdle(keyspace, lifecycle);
  if (object === "type") return undefined;
  const table = lifecycle.findTable(keyspace, name);
  if (kind === "create") {
    if (table && !(tolerant && table.status !== "DELETING")) throw alreadyExists(keyspace, name);
    if (!table) requireRoom("tables", lifecycle.countTables(), quotas);
    return table ? voidResult : undefined;
  }
  if (!table && tolerant) return voidResult;
  const { cdc } = lifecycle.requireTable(keyspace, name);
  const tagsStream = definition.streamTags.size > 0 || definition.droppedStreamTags.length > 0;
  if (tagsStream && !(definition.cdc ?? cdc)) {
    throw invalid(`Table ${keyspace}.${name} has no stream that could have tags`, "KL-CDC");
  }
  return undefined;
}

/** @throws Refusal for the scaling of Regions of a keyspace in one Region, and of one that the keyspace is not in */
function checkReplicas({ object, keyspace, autoscaling }: Definition, lifecycle: Lifecycle): void {
  if (object !== "table") return;
  const { regions } = lifecycle.requireKeyspace(keyspace);
  if (autoscaling.replicas.size === 0) return;
  if (regions.length === 0)
    throw invalid(`Keyspace ${keyspace} is in one Region only: it has no replica_updates`, "KL-AUTOSCALING");
  const other = [...autoscaling.replicas.keys()].find((region) => !regions.includes(region));
  if (other !== undefined) throw invalid(`Keyspace ${keyspace} is not in the Region '${other}'`, "KL-AUTOSCALING");
}

function requireIdle(keyspace: string, lifecycle: Lifecycle): void {
  const { status } = lifecycle.requireKeyspace(keyspace);
  if (status !== "ACTIVE")
    throw invalid(`Keyspace ${keyspace} is ${status}, as a Region is being added to it`, "KL-BUSY");
}

/** Settings that cannot be taken back: rows may depend on them. */
const irreversible = ["ttl", "client_side_timestamps"];

function mergeProperties(definition: Definition, lifecycle: Lifecycle, now: Date): CustomProperties {
  const { kind, keyspace, name, customProperties, properties } = definition;
  const before = kind === "alter" ? lifecycle.requireTable(keyspace, name).customProperties : defaultCustomProperties;
  for (const property of irreversible) {
    const disabled = customProperties.get(property)?.get("status") === "disabled";
    if (disabled && before.get(property)?.get("status") === "enabled") {
      throw invalid(`Custom property ${property} cannot be disabled once it is enabled`, "KL-IRREVERSIBLE");
    }
  }
  const merged = new Map([...before, ...customProperties]);
  const warm = customProperties.get("warm_throughput");
  if (warm) merged.set("warm_throughput", warmer(before.get("warm_throughput"), warm));
  // A keyspace in several Regions needs them to settle which of two writes came last.
  if (lifecycle.requireKeyspace(keyspace).regions.length > 0) {
    merged.set("client_side_timestamps", new Map([["status", "enabled"]]));
  }
  const viewBefore = before.get("cdc_specification")?.get("view_type");
  const view = customProperties.get("cdc_specification")?.get("view_type");
  if (viewBefore !== undefined && view !== undefined && view !== viewBefore) {
    throw invalid(`The view_type of a stream cannot be changed: it is ${viewBefore}`, "KL-CDC");
  }
  if (definition.cdc === false) merged.delete("cdc_specification");
  else if (definition.cdc) {
    const given = merged.get("cdc_specification") ?? [];
    merged.set("cdc_specification", new Map([...given, ["view_type", viewOf(merged)]]));
  }
  // A table with a default time to live has TTL on.
  if (Number(properties.get("default_time_to_live") ?? 0) > 0) merged.set("ttl", new Map([["status", "enabled"]]));
  return withRestorableSince(withPayingSince(merged, now), before, now);
}

/** @throws Refusal where it would be less than before */
function warmer(
  before: ReadonlyMap<string, string> | undefined,
  wanted: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  for (const [unit, value] of wanted) {
    if (Number(value) >= Number(before?.get(unit) ?? 0)) continue;
    throw invalid(`${unit} of warm_throughput cannot be decreased from ${before?.get(unit)}`, "KL-WARM-THROUGHPUT");
  }
  return new Map([...(before ?? []), ...wanted, ["status", "AVAILABLE"]]);
}

async function record(definition: Definition, customProperties: CustomProperties, definer: Definer): Promise<void> {
  const { kind, object, keyspace, name, tags, droppedTags, autoscaling } = definition;
  const { lifecycle, store, streams } = definer;
  if (object === "type") return;
  const resource = resourceOf(definition, definer);
  if (kind === "drop") {
    const tables = object === "keyspace" ? lifecycle.tablesOf(keyspace).map(({ table }) => table) : [name];
    for (const table of tables) await streams.remove(keyspace, table);
    await (object === "keyspace" ? lifecycle.keyspaceDropped(keyspace) : lifecycle.tableDropped(keyspace, name));
    await store.removeTags(resource);
    return;
  }
  if (object === "table") {
    const status = kind === "create" ? "CREATING" : "UPDATING";
    const cdc = definition.cdc ?? lifecycle.findTable(keyspace, name)?.cdc ?? false;
    const shown = cdc ? await withStream(customProperties, definition, definer) : customProperties;
    if (!cdc) await streams.end(keyspace, name);
    await lifecycle.tableChanged({ keyspace, table: name, status, customProperties: shown, cdc });
    await store.saveAutoscaling(keyspace, name, autoscaling, lifecycle.requireKeyspace(keyspace).regions);
  } else if (kind === "create") lifecycle.keyspaceCreated(keyspace, definition.regions ?? []);
  else if (definition.regions) await lifecycle.keyspaceChanged(keyspace, definition.regions, definer.region);
  await store.changeTags(resource, tags, droppedTags);
  if (object === "table") await tagStream(definition, resource, definer);
}

/** Tags the latest stream of a table: as it is said, and when it begins, where the table's tags are to be its too, with those. */
async function tagStream(definition: Definition, table: Resource, definer: Definer): Promise<void> {
  const { keyspace, name, cdc, customProperties, streamTags, droppedStreamTags } = definition;
  const stream = definer.streams.find(keyspace, name);
  if (!stream) return;
  const isPropagated = cdc && customProperties.get("cdc_specification")?.get("propagate_tags") === "TABLE";
  const added = new Map([...(isPropagated ? definer.store.tagsAt(table.arn) : []), ...streamTags]);
  if (added.size === 0 && droppedStreamTags.length === 0) return;
  const arn = streamArn(definer, keyspace, name, stream.label);
  await definer.store.changeTags({ arn, keyspace, table: name, stream: stream.label }, added, droppedStreamTags);
}

/** With what the service shows of the table's stream, which begins now where there is none. */
async function withStream(
  properties: CustomProperties,
  { keyspace, name }: Definition,
  definer: Definer,
): Promise<CustomProperties> {
  const stream = await definer.streams.begin(keyspace, name, viewOf(properties));
  return withStreamShown(properties, streamArn(definer, keyspace, name, stream.label));
}

/** What the permissions and the tags of a definition are on. */
function resourceOf(
  { object, keyspace, name }: Pick<Definition, "object" | "keyspace" | "name">,
  owner: Owner,
): Resource {
  return object === "keyspace"
    ? { arn: keyspaceArn(owner, keyspace), keyspace, table: undefined }
    : { arn: tableArn(owner, keyspace, name), keyspace, table: name };
}
