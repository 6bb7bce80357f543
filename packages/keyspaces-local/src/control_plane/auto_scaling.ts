import { quoteString } from "../cql/properties.js";
import type { Row } from "../protocol/rows.js";
import { tableArn } from "../schema/arns.js";
import { READ_SCALING, WRITE_SCALING } from "../schema/autoscaling.js";
import { textOf } from "../schema/cells.js";
import { MCS_KEYSPACE, MULTI_REGION_KEYSPACE } from "../schema/system_tables.js";
import type { ControlPlaneContext } from "./context.js";
import { requireTable } from "./existing.js";

/** The settings of a table that scales, of the same as system_schema_mcs.autoscaling shows. */
export async function getTableAutoScalingSettings(
  { keyspaceName, tableName }: { readonly keyspaceName: string; readonly tableName: string },
  context: ControlPlaneContext,
): Promise<object> {
  context.access.require([{ action: "Select", resource: `/keyspace/${keyspaceName}/table/${tableName}` }]);
  requireTable(keyspaceName, tableName, context);
  const rowsOf = (keyspace: string) =>
    context.backend.query(
      `SELECT * FROM ${keyspace}.autoscaling WHERE keyspace_name = ${quoteString(keyspaceName)} AND table_name = ${quoteString(tableName)}`,
    );
  const replicas = (await rowsOf(MULTI_REGION_KEYSPACE)).map((row) => {
    return { region: textOf(row, "region"), autoScalingSpecification: specificationOf(row) };
  });
  const here = replicas.find(({ region }) => region === context.region);
  const [row] = here ? [] : await rowsOf(MCS_KEYSPACE);
  return {
    keyspaceName,
    tableName,
    resourceArn: tableArn(context, keyspaceName, tableName),
    autoScalingSpecification: here?.autoScalingSpecification ?? (row && specificationOf(row)),
    replicaSpecifications: replicas.length > 0 ? replicas : undefined,
  };
}

function specificationOf(row: Row): object {
  const settings = (direction: string) => {
    const text = textOf(row, direction);
    return text === "" ? undefined : inCamelCase({ autoscaling_disabled: false, ...JSON.parse(text) });
  };
  return { readCapacityAutoScaling: settings(READ_SCALING), writeCapacityAutoScaling: settings(WRITE_SCALING) };
}

/** CQL's names of settings as the API has them. */
function inCamelCase(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const named = (name: string) =>
    name.replace("autoscaling", "auto_scaling").replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [named(name), inCamelCase(each)]));
}
