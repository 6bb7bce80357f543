import type { Backend } from "../protocol/backend.js";
import { Opcode } from "../protocol/frame.js";
import { invalid } from "../protocol/refusal.js";
import { alreadyExists, isSchemaChange, readError, schemaChangeBody, voidResult } from "../protocol/responses.js";
import { type CustomProperties, defaultCustomProperties } from "./custom_properties.js";
import { type Definition, translate } from "./ddl.js";
import type { Lifecycle } from "./lifecycle.js";
import type { Resource, SchemaStore } from "./schema_store.js";
import type { KeyLookup } from "./table_key.js";

export interface Definer {
  readonly backend: Backend;
  readonly store: SchemaStore;
  readonly lifecycle: Lifecycle;
  readonly region: string;
  readonly account: string;
  readonly keys?: KeyLookup | undefined;
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
  const settled = checkState(definition, definer.lifecycle);
  if (settled) return settled;
  const customProperties = definition.object === "table" ? mergeProperties(definition, definer.lifecycle) : new Map();

  const cql = translate(definition);
  let body = schemaChangeBody(
    past[definition.kind],
    definition.keyspace,
    definition.object === "keyspace" ? undefined : definition.name,
  );
  if (cql !== undefined) {
    const frame = await backend.ask(cql);
    if (frame.opcode === Opcode.error) throw readError(frame);
    if (!isSchemaChange(frame)) return voidResult;
    // Copied as it came: the change of a type has a form of its own.
    if (frame.flags === 0) body = frame.body;
  }
  await record(definition, customProperties, definer);
  return body;
}

/** What can be told without asking Cassandra: a void result for what IF (NOT) EXISTS makes empty. */
function checkState(definition: Definition, lifecycle: Lifecycle): Buffer | undefined {
  const { kind, object, tolerant, keyspace, name } = definition;
  if (object === "keyspace") {
    const status = lifecycle.findKeyspace(keyspace);
    if (kind === "create") {
      if (status && !(tolerant && status !== "DELETING")) throw alreadyExists(keyspace);
      return status ? voidResult : undefined;
    }
    if (!status && tolerant) return voidResult;
    lifecycle.requireKeyspace(keyspace);
    return undefined;
  }
  lifecycle.requireKeyspace(keyspace);
  if (object === "type") return undefined;
  const table = lifecycle.findTable(keyspace, name);
  if (kind === "create") {
    if (table && !(tolerant && table.status !== "DELETING")) throw alreadyExists(keyspace, name);
    return table ? voidResult : undefined;
  }
  if (!table && tolerant) return voidResult;
  lifecycle.requireTable(keyspace, name);
  return undefined;
}

/** Settings that cannot be taken back: rows may depend on them. */
const irreversible = ["ttl", "client_side_timestamps"];

function mergeProperties(definition: Definition, lifecycle: Lifecycle): CustomProperties {
  const { kind, keyspace, name, customProperties, properties } = definition;
  const before = kind === "alter" ? lifecycle.requireTable(keyspace, name).customProperties : defaultCustomProperties;
  for (const property of irreversible) {
    const disabled = customProperties.get(property)?.get("status") === "disabled";
    if (disabled && before.get(property)?.get("status") === "enabled") {
      throw invalid(`Custom property ${property} cannot be disabled once it is enabled`);
    }
  }
  const merged = new Map([...before, ...customProperties]);
  // A table with a default time to live has TTL on.
  if (Number(properties.get("default_time_to_live") ?? 0) > 0) merged.set("ttl", new Map([["status", "enabled"]]));
  return merged;
}

async function record(definition: Definition, customProperties: CustomProperties, definer: Definer): Promise<void> {
  const { kind, object, keyspace, name, tags, droppedTags, autoscaling } = definition;
  const { lifecycle, store } = definer;
  if (object === "type") return;
  const resource = resourceOf(definition, definer);
  if (kind === "drop") {
    await (object === "keyspace" ? lifecycle.keyspaceDropped(keyspace) : lifecycle.tableDropped(keyspace, name));
    await store.removeTags(resource);
    return;
  }
  if (object === "table") {
    const status = kind === "create" ? "CREATING" : "UPDATING";
    const cdc = definition.cdc ?? lifecycle.findTable(keyspace, name)?.cdc ?? false;
    await lifecycle.tableChanged({ keyspace, table: name, status, customProperties, cdc });
    if (autoscaling.size > 0) await store.saveAutoscaling(keyspace, name, autoscaling);
  } else if (kind === "create") lifecycle.keyspaceCreated(keyspace);
  await store.changeTags(resource, tags, droppedTags);
}

function resourceOf({ object, keyspace, name }: Definition, { region, account }: Definer): Resource {
  const base = `arn:aws:cassandra:${region}:${account}:/keyspace/${keyspace}/`;
  return object === "keyspace"
    ? { arn: base, keyspace, table: undefined }
    : { arn: `${base}table/${name}`, keyspace, table: name };
}
