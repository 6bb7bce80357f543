import { quoteName, textLiteral } from "../cql/properties.js";
import { keyspaceArn } from "../schema/arns.js";
import { visibleSystemKeyspaces } from "../schema/system_tables.js";
import { type ControlPlaneContext, run } from "./context.js";
import { type ExistingKeyspace, requireKeyspace } from "./existing.js";
import { type ListRequest, pageOf } from "./listing.js";
import { type Tag, tagsLiteral } from "./tag_list.js";

interface KeyspaceRequest {
  readonly keyspaceName: string;
}

interface ReplicationSpecification {
  readonly replicationStrategy: "SINGLE_REGION" | "MULTI_REGION";
  readonly regionList?: readonly string[];
}

const replicationLiteral = ({ replicationStrategy, regionList = [] }: ReplicationSpecification): string =>
  textLiteral(
    new Map(
      replicationStrategy === "SINGLE_REGION"
        ? [["class", "SingleRegionStrategy"]]
        : [["class", "NetworkTopologyStrategy"], ...regionList.map((region) => [region, "3"] as const)],
    ),
  );

export async function createKeyspace(
  request: KeyspaceRequest & { readonly replicationSpecification?: ReplicationSpecification; readonly tags?: Tag[] },
  context: ControlPlaneContext,
): Promise<object> {
  const { keyspaceName, replicationSpecification = { replicationStrategy: "SINGLE_REGION" }, tags = [] } = request;
  const replication = replicationLiteral(replicationSpecification);
  const withTags = tags.length > 0 ? ` AND TAGS = ${tagsLiteral(tags)}` : "";
  await run(`CREATE KEYSPACE ${quoteName(keyspaceName)} WITH REPLICATION = ${replication}${withTags}`, context);
  return { resourceArn: keyspaceArn(context, keyspaceName) };
}

export async function updateKeyspace(
  request: KeyspaceRequest & {
    readonly replicationSpecification: ReplicationSpecification;
    readonly clientSideTimestamps?: { readonly status: string };
  },
  context: ControlPlaneContext,
): Promise<object> {
  const { keyspaceName, replicationSpecification, clientSideTimestamps } = request;
  const replication = replicationLiteral(replicationSpecification);
  const timestamps = clientSideTimestamps ? " AND CLIENT_SIDE_TIMESTAMPS = {'status': 'ENABLED'}" : "";
  await run(`ALTER KEYSPACE ${quoteName(keyspaceName)} WITH REPLICATION = ${replication}${timestamps}`, context);
  return { resourceArn: keyspaceArn(context, keyspaceName) };
}

export async function deleteKeyspace({ keyspaceName }: KeyspaceRequest, context: ControlPlaneContext): Promise<object> {
  await run(`DROP KEYSPACE ${quoteName(keyspaceName)}`, context);
  return {};
}

const summaryOf = (keyspaceName: string, { regions }: ExistingKeyspace, context: ControlPlaneContext): object => ({
  keyspaceName,
  resourceArn: keyspaceArn(context, keyspaceName),
  replicationStrategy: regions.length > 0 ? "MULTI_REGION" : "SINGLE_REGION",
  replicationRegions: regions.length > 0 ? regions : undefined,
});

export function getKeyspace({ keyspaceName }: KeyspaceRequest, context: ControlPlaneContext): object {
  context.access.require([{ action: "Select", resource: `/keyspace/${keyspaceName}/` }]);
  const found = requireKeyspace(keyspaceName, context);
  const statuses = found.regions.map((region) => ({ region, keyspaceStatus: found.status }));
  return {
    ...summaryOf(keyspaceName, found, context),
    replicationGroupStatuses: statuses.length > 0 ? statuses : undefined,
  };
}

export function listKeyspaces(request: ListRequest, context: ControlPlaneContext): object {
  // As by CQL, where the list is a table.
  context.access.require([{ action: "Select", resource: "/keyspace/system_schema_mcs/table/keyspaces" }]);
  const users = context.lifecycle.keyspaces().filter(({ status }) => status !== "CREATING");
  const names = [...visibleSystemKeyspaces, ...users.map(({ keyspace }) => keyspace)];
  const { page, nextToken } = pageOf(names, request);
  return { keyspaces: page.map((name) => summaryOf(name, requireKeyspace(name, context), context)), nextToken };
}
