/** What every program does, in this order. */
export interface Step {
  /** What the program is asked for. */
  readonly name: string;
  /** The head of its row in the README's table. */
  readonly head: string;
  /** What a program reports of it, the same in every language. */
  readonly expected: RegExp;
  /** What goes wrong while it lasts, for `PUT /faults`, and which count tells that it did. */
  readonly faults?: { readonly request: (keyspace: string) => unknown; readonly counted: "dropped" | "throttled" };
}

export type StepName = (typeof steps)[number]["name"];

export const steps = [
  { name: "connect", head: "SigV4, TLS", expected: /^Amazon Keyspaces$/ },
  { name: "define", head: "keyspace, type, tables, each until ACTIVE", expected: /^ACTIVE$/ },
  { name: "schema", head: "columns by the driver's metadata", expected: /^invoice line price$/ },
  { name: "prepared", head: "prepared statements", expected: /^10 rows, 29\.50$/ },
  {
    name: "batch",
    head: "UNLOGGED and LOGGED batches",
    expected: /^Batch has 31 statements.* \[KL-UNLOGGED-SIZE\]$/,
  },
  // Every other page of a filtered scan is empty: ten of 2.95, four invoices of thirty and a logged one of two at 0.25.
  { name: "pages", head: "paging over empty pages", expected: /^132 rows, 60\.00$/ },
  { name: "types", head: "collections, user-defined type", expected: /^\[a b\] \[3 1 2\] x=1\.5 Main St 8000$/ },
  { name: "lwt", head: "conditional writes", expected: /^true false two true$/ },
  { name: "ttl", head: "TTL", expected: /^true: .*\[KL-TTL\]$/ },
  {
    name: "refused",
    head: "refusals, as the driver's own error",
    expected:
      /^Consistency level ONE is not supported.* \[KL-WRITE-CONSISTENCY\]; countRows is not yet supported.* \[KL-COUNT\]$/,
  },
  {
    name: "lost",
    head: "100 rows while connections end",
    expected: /^100 rows, 100\.00$/,
    // A driver spreads them over up to eight connections; setting one up takes fewer.
    faults: { request: () => ({ dropAfterRequests: [8, 14] }), counted: "dropped" },
  },
  {
    name: "throttled",
    head: "100 rows while capacity lacks",
    expected: /^100 rows, 100\.00$/,
    faults: { request: (keyspace) => ({ throttle: { [`${keyspace}.lines`]: 0.3 } }), counted: "throttled" },
  },
] as const satisfies readonly Step[];
