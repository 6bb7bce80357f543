import { quoteName, quoteString } from "../cql/properties.js";
import { streamArn, tableArn } from "../schema/arns.js";
import { systemTablesOf } from "../schema/system_tables.js";
import { columnText, type NamedType } from "./columns.js";
import { type ControlPlaneContext, run } from "./context.js";
import { describeTable } from "./describe_table.js";
import { fault } from "./errors.js";
import { requireKeyspace, requireTable } from "./existing.js";
import { type ListRequest, pageOf } from "./listing.js";
import { optionsOf, type TableSettings } from "./table_settings.js";
import { type Tag, tagsLiteral } from "./tag_list.js";

interface TableRequest {
  readonly keyspaceName: string;
  readonly tableName: string;
}

interface CreateTableRequest extends TableRequest, TableSettings {
  readonly schemaDefinition: {
    readonly allColumns: readonly NamedType[];
    readonly partitionKeys: readonly { readonly name: string }[];
    readonly clusteringKeys?: readonly { readonly name: string; readonly orderBy: string }[];
    readonly staticColumns?: readonly { readonly name: string }[];
  };
  readonly comment?: { readonly message: string };
  readonly tags?: readonly Tag[];
}

const pathOf = ({ keyspaceName, tableName }: TableRequest): string =>
  `${quoteName(keyspaceName)}.${quoteName(tableName)}`;
const answerOf = ({ keyspaceName, tableName }: TableRequest, context: ControlPlaneContext): object => ({
  resourceArn: tableArn(context, keyspaceName, tableName),
});
const namesOf = (columns: readonly { readonly name: string }[]): string =>
  columns.map(({ name }) => quoteName(name)).join(", ");

export async function createTable(request: CreateTableRequest, context: ControlPlaneContext): Promise<object> {
  const { schemaDefinition, comment, tags = [] } = request;
  const { allColumns, partitionKeys, clusteringKeys = [], staticColumns = [] } = schemaDefinition;
  const isStatic = new Set(staticColumns.map(({ name }) => name));
  const columns = allColumns.map((column) => columnText(column) + (isStatic.has(column.name) ? " STATIC" : ""));
  const clustering = clusteringKeys.length > 0 ? `, ${namesOf(clusteringKeys)}` : "";
  const orders = clusteringKeys.map(({ name, orderBy }) => `${quoteName(name)} ${orderBy}`).join(", ");
  const options = [
    ...(orders ? [`CLUSTERING ORDER BY (${orders})`] : []),
    ...(comment ? [`comment = ${quoteString(comment.message)}`] : []),
    ...optionsOf(request),
    ...(tags.length > 0 ? [`TAGS = ${tagsLiteral(tags)}`] : []),
  ];
  const key = `PRIMARY KEY ((${namesOf(partitionKeys)})${clustering})`;
  const withOptions = options.length > 0 ? ` WITH ${options.join(" AND ")}` : "";
  await run(`CREATE TABLE ${pathOf(request)} (${[...columns, key].join(", ")})${withOptions}`, context);
  return answerOf(request, context);
}

/** What an UpdateTable can change; one of them at a time, but for the capacity and how it scales. */
export async function updateTable(
  request: TableRequest & TableSettings & { readonly addColumns?: readonly NamedType[] },
  context: ControlPlaneContext,
): Promise<object> {
  const { keyspaceName, tableName, addColumns, autoScalingSpecification, ...settings } = request;
  const changes = Object.keys(settings).length + (addColumns ? 1 : 0);
  const scales = autoScalingSpecification !== undefined && !request.capacitySpecification ? 1 : 0;
  if (changes + scales === 0) throw fault("ValidationException", "UpdateTable needs a setting that is to be changed");
  if (changes + scales > 1) {
    throw fault("ValidationException", "Only one setting of a table can be changed at a time [KL-ONE-PROPERTY]");
  }
  const body = addColumns ? `ADD ${addColumns.map(columnText).join(", ")}` : `WITH ${optionsOf(request).join(" AND ")}`;
  await run(`ALTER TABLE ${pathOf({ keyspaceName, tableName })} ${body}`, context);
  return answerOf(request, context);
}

export async function deleteTable(request: TableRequest, context: ControlPlaneContext): Promise<object> {
  await run(`DROP TABLE ${pathOf(request)}`, context);
  return {};
}

export async function getTable(request: TableRequest, context: ControlPlaneContext): Promise<object> {
  const { keyspaceName, tableName } = request;
  context.access.require([{ action: "Select", resource: `/keyspace/${keyspaceName}/table/${tableName}` }]);
  const record = requireTable(keyspaceName, tableName, context);
  const regions = requireKeyspace(keyspaceName, context).regions;
  const described = await describeTable(record, regions, context.backend);
  const stream = context.streams.find(keyspaceName, tableName);
  const latestStreamArn = stream && streamArn(context, keyspaceName, tableName, stream.label);
  return { keyspaceName, tableName, ...answerOf(request, context), ...described, latestStreamArn };
}

export function listTables(
  request: ListRequest & { readonly keyspaceName: string },
  context: ControlPlaneContext,
): object {
  const { keyspaceName } = request;
  context.access.require([{ action: "Select", resource: `/keyspace/${keyspaceName}/` }]);
  requireKeyspace(keyspaceName, context);
  const users = context.lifecycle.tablesOf(keyspaceName).map(({ table }) => table);
  const { page, nextToken } = pageOf([...users, ...systemTablesOf(keyspaceName)], request);
  const tables = page.map((tableName) => ({
    keyspaceName,
    tableName,
    resourceArn: tableArn(context, keyspaceName, tableName),
  }));
  return { tables, nextToken };
}
