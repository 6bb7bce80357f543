import { quoteName } from "../cql/properties.js";
import { keyspaceArn } from "../schema/arns.js";
import { readTypes, type TypeRecord } from "../schema/type_store.js";
import { columnText, type NamedType } from "./columns.js";
import { type ControlPlaneContext, run } from "./context.js";
import { fault, notFound } from "./errors.js";
import { requireKeyspace } from "./existing.js";
import { type ListRequest, pageOf } from "./listing.js";

interface TypeRequest {
  readonly keyspaceName: string;
  readonly typeName: string;
}

const pathOf = ({ keyspaceName, typeName }: TypeRequest): string => `${quoteName(keyspaceName)}.${quoteName(typeName)}`;
const answerOf = ({ keyspaceName, typeName }: TypeRequest, context: ControlPlaneContext) => ({
  keyspaceArn: keyspaceArn(context, keyspaceName),
  typeName,
});

export async function createType(
  request: TypeRequest & { readonly fieldDefinitions: readonly NamedType[] },
  context: ControlPlaneContext,
): Promise<object> {
  const { keyspaceName, typeName, fieldDefinitions } = request;
  const isQuoted = /^"(?:[^"]|"")+"$/.test(typeName);
  // As by CQL, the name is written with double quotes where it has other characters, or capitals to be kept.
  if (!isQuoted && !/^[A-Za-z]\w*$/.test(typeName)) {
    throw fault("ValidationException", `UDT name ${typeName} contains invalid characters`);
  }
  const fields = fieldDefinitions.map(columnText).join(", ");
  await run(`CREATE TYPE ${quoteName(keyspaceName)}.${typeName} (${fields})`, context);
  const formatted = isQuoted ? typeName.slice(1, -1).replaceAll('""', '"') : typeName.toLowerCase();
  return answerOf({ keyspaceName, typeName: formatted }, context);
}

export async function deleteType(request: TypeRequest, context: ControlPlaneContext): Promise<object> {
  await run(`DROP TYPE ${pathOf(request)}`, context);
  return answerOf(request, context);
}

async function requireType(request: TypeRequest, context: ControlPlaneContext): Promise<TypeRecord> {
  const { keyspaceName, typeName } = request;
  requireKeyspace(keyspaceName, context);
  const found = (await readTypes(context.backend, keyspaceName)).find(({ name }) => name === typeName);
  if (found) return found;
  throw notFound(`Unable to find type ${keyspaceName}.${typeName}`, keyspaceArn(context, keyspaceName));
}

const mayRead = (keyspace: string, { access }: ControlPlaneContext): void =>
  access.require([{ action: "Select", resource: `/keyspace/${keyspace}/` }]);

export async function getType(request: TypeRequest, context: ControlPlaneContext): Promise<object> {
  const { keyspaceName, typeName } = request;
  mayRead(keyspaceName, context);
  const { fields, depth, tables, parents, modified } = await requireType(request, context);
  return {
    keyspaceName,
    typeName,
    fieldDefinitions: fields.map(([name, type]) => ({ name, type })),
    lastModifiedTimestamp: modified,
    status: "ACTIVE",
    directReferringTables: tables,
    directParentTypes: parents,
    maxNestingDepth: depth,
    keyspaceArn: keyspaceArn(context, keyspaceName),
  };
}

export async function listTypes(
  request: ListRequest & { readonly keyspaceName: string },
  context: ControlPlaneContext,
): Promise<object> {
  const { keyspaceName } = request;
  mayRead(keyspaceName, context);
  requireKeyspace(keyspaceName, context);
  const types = await readTypes(context.backend, keyspaceName);
  const { page, nextToken } = pageOf(
    types.map(({ name }) => name),
    request,
  );
  return { types: page, nextToken };
}
