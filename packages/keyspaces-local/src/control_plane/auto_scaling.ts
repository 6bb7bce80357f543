import { quoteString } from "../cql/properties.js";
import { tableArn } from "../schema/arns.js";
import { textOf } from "../schema/cells.js";
import { MCS_KEYSPACE } from "../schema/system_tables.js";
import type { ControlPlaneContext } from "./context.js";
import { requireTable } from "./existing.js";

/** The settings of a table that scales, of the same as system_schema_mcs.autoscaling shows. */
export async function getTableAutoScalingSettings(
  { keyspaceName, tableName }: { readonly keyspaceName: string; readonly tableName: string },
  context: ControlPlaneContext,
): Promise<object> {
  context.access.require([{ action: "Select", resource: `/keyspace/${keyspaceName}/table/${tableName}` }]);
  requireTable(keyspaceName, tableName, context);
  const [row] = await context.backend.query(
    `SELECT * FROM ${MCS_KEYSPACE}.autoscaling WHERE keyspace_name = ${quoteString(keyspaceName)} AND table_name = ${quoteString(tableName)}`,
  );
  const settings = (kind: string) => {
    const text = row ? textOf(row, `provisioned_${kind}_capacity_autoscaling_update`) : "";
    return text === "" ? undefined : inCamelCase({ autoscaling_disabled: false, ...JSON.parse(text) });
  };
  const autoScalingSpecification = {
    readCapacityAutoScaling: settings("read"),
    writeCapacityAutoScaling: settings("write"),
  };
  return {
    keyspaceName,
    tableName,
    resourceArn: tableArn(context, keyspaceName, tableName),
    autoScalingSpecification: row && autoScalingSpecification,
  };
}

/** CQL's names of settings as the API has them. */
function inCamelCase(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const named = (name: string) =>
    name.replace("autoscaling", "auto_scaling").replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [named(name), inCamelCase(each)]));
}
