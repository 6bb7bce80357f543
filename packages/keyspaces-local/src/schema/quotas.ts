import type { RuleCode } from "../catalogue/catalogue.js";
import { invalid } from "../protocol/refusal.js";

/** How much of a schema there may be. */
export interface Quotas {
  readonly keyspaces: number;
  readonly tables: number;
  readonly types: number;
  /** That are under way at once. */
  readonly definitions: number;
  readonly tablesPerType: number;
  readonly typesPerTable: number;
  /** Of a type of native fields it is 1. */
  readonly typeNesting: number;
  readonly childTypes: number;
  readonly parentTypes: number;
}

/** The service's own. https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html */
const defaults: Quotas = {
  keyspaces: 256,
  tables: 256,
  types: 256,
  definitions: 50,
  tablesPerType: 100,
  typesPerTable: 50,
  typeNesting: 8,
  childTypes: 10,
  parentTypes: 10,
};

/** The service's, but for those that are given. */
export function quotasWith(given: Partial<Quotas> = {}): Quotas {
  const entries = Object.entries(defaults).map(([name, number]) => [name, given[name as keyof Quotas] ?? number]);
  return Object.fromEntries(entries) as Quotas;
}

/** @throws Refusal if there are as many as there may be already */
export function requireRoom(what: "keyspaces" | "tables" | "types", count: number, quotas: Quotas): void {
  if (count < quotas[what]) return;
  throw invalid(`The account has ${count} ${what} in this Region, as many as its quota allows`, "KL-QUOTA");
}

/** @throws Refusal for more than the most */
export function requireAtMost(most: number, count: number, what: string, code: RuleCode): void {
  if (count > most) throw invalid(`${what}: ${count}; at most ${most} are supported`, code);
}
