import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAgainst, type Identity, type ServiceModel, sentenceOf } from "@keyspaces-segmentation/local-support";
import { Refusal } from "../protocol/refusal.js";
import type { Access } from "../rules/needs.js";
import type { Definer } from "../schema/define.js";
import { getTableAutoScalingSettings } from "./auto_scaling.js";
import type { ControlPlaneContext } from "./context.js";
import { fault, faultOf } from "./errors.js";
import { createKeyspace, deleteKeyspace, getKeyspace, listKeyspaces, updateKeyspace } from "./keyspaces.js";
import { createTable, deleteTable, getTable, listTables, updateTable } from "./tables.js";
import { listTagsForResource, tagResource, untagResource } from "./tags.js";
import { createType, deleteType, getType, listTypes } from "./types.js";

/** AWS's JSON API for keyspaces and tables, `KeyspacesService`: the same schema as behind CQL. */
export interface ControlPlane {
  /**
   * @param operation its name in the API
   * @param input what was sent, decoded
   * @param identity who signed the request
   * @throws AwsError
   */
  answer(operation: string, input: unknown, identity: Identity): Promise<object>;
}

type Operation = (request: never, context: ControlPlaneContext) => object | Promise<object>;

/** What is emulated; the rest of the service's model is refused by name. */
const operations: Readonly<Record<string, Operation>> = {
  CreateKeyspace: createKeyspace,
  CreateTable: createTable,
  CreateType: createType,
  DeleteKeyspace: deleteKeyspace,
  DeleteTable: deleteTable,
  DeleteType: deleteType,
  GetKeyspace: getKeyspace,
  GetTable: getTable,
  GetTableAutoScalingSettings: getTableAutoScalingSettings,
  GetType: getType,
  ListKeyspaces: listKeyspaces,
  ListTables: listTables,
  ListTagsForResource: listTagsForResource,
  ListTypes: listTypes,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateKeyspace: updateKeyspace,
  UpdateTable: updateTable,
};

/** Members that are refused by name wherever they are asked for. */
const notEmulated = ["replicaSpecifications"];

/** @param accessTo what an identity may do */
export function createControlPlane(definer: Definer, accessTo: (identity: Identity) => Access): ControlPlane {
  const model = JSON.parse(
    readFileSync(join(__dirname, "..", "..", "data", "service_model.json"), "utf8"),
  ) as ServiceModel;
  return {
    async answer(operation, input, identity) {
      if (!Object.hasOwn(model.operations, operation)) throw fault("UnknownOperationException", "");
      const handler = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      const code = operation === "RestoreTable" ? "KL-RESTORE" : "KL-API";
      if (!handler) throw fault("notEmulated", `Keyspaces ${operation} is not emulated. [${code}]`);
      const { request, violations } = checkAgainst(model, operation, input);
      if (violations.length > 0) throw fault("ValidationException", sentenceOf(violations));
      const beyond = notEmulated.find((member) => request[member] !== undefined);
      if (beyond) throw fault("notEmulated", `Member '${beyond}' is not emulated. [KL-API]`);
      const { backend, store, lifecycle, streams, events, region, account, keys, database, quotas, now } = definer;
      const access = accessTo(identity);
      const schema = { backend, store, lifecycle, streams, events };
      const context = { ...schema, region, account, keys, database, quotas, now, access };
      try {
        return await handler(request as never, context);
      } catch (error) {
        throw error instanceof Refusal ? faultOf(error) : error;
      }
    },
  };
}
