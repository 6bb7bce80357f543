import type { Access } from "../rules/needs.js";
import { needsOfDefinition } from "../rules/needs.js";
import { planDefinition } from "../rules/plan.js";
import { type Definer, define } from "../schema/define.js";
import { checkTableKey } from "../schema/table_key.js";

/** What an operation works with: the gateway's schema, and what its caller may do. */
export interface ControlPlaneContext extends Definer {
  readonly access: Access;
}

/**
 * Carries out a definition that an operation was made into, as if it had come by CQL.
 *
 * @throws Refusal
 */
export async function run(text: string, context: ControlPlaneContext): Promise<void> {
  const definition = planDefinition(text, undefined);
  context.access.require(needsOfDefinition(definition));
  await checkTableKey(definition, context, context.access.caller);
  await define(definition, context);
}
