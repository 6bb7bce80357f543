/**
 * A request without properties that it does not have: one that came in by a spread is a type error too. Optional properties whose
 * names differ a little between requests would otherwise get lost, or reach a request that means something else by them.
 *
 * @example function train<R extends TrainingRequest>(request: Exact<R, TrainingRequest>): void
 */
export type Exact<Given, Known> = Given & { readonly [Name in Exclude<keyof Given, keyof Known>]: never };
