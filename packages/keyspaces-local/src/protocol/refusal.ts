import type { RuleCode } from "../catalogue/catalogue.js";

/** Error codes of the CQL binary protocol that the gateway tells apart (native_protocol_v4.spec, section 9). */
export const ErrorCode = {
  server: 0x0000,
  protocol: 0x000a,
  badCredentials: 0x0100,
  unavailable: 0x1000,
  overloaded: 0x1001,
  writeTimeout: 0x1100,
  readTimeout: 0x1200,
  readFailure: 0x1300,
  functionFailure: 0x1400,
  writeFailure: 0x1500,
  syntax: 0x2000,
  unauthorized: 0x2100,
  invalid: 0x2200,
  alreadyExists: 0x2400,
  unprepared: 0x2500,
} as const;

/** A request that Keyspaces would turn down: becomes one ERROR frame on the request's own stream. */
export class Refusal extends Error {
  readonly code: number;
  /** What the protocol wants after the message: names for 0x2400, the prepared id for 0x2500, who answered for 0x1100 and 0x1200. */
  readonly extra: Buffer;
  /** The rule of the service that is broken; undefined for what Cassandra too would refuse. */
  readonly rule: RuleCode | undefined;

  constructor(code: number, message: string, extra: Buffer = Buffer.alloc(0), rule?: RuleCode) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.extra = extra;
    this.rule = rule;
  }

  /** The words, with the rule's code at the end. */
  get text(): string {
    return this.rule === undefined ? this.message : `${this.message} [${this.rule}]`;
  }
}

/**
 * In place of rows, for a query whose mistakes are those of a statement that Cassandra is still to refuse.
 *
 * @throws whatever else has gone wrong: that there are no rows is not known then
 */
export function noRowsIfInvalid(error: unknown): [] {
  // The codes of what is wrong with a request begin there.
  if (error instanceof Refusal && error.code >= ErrorCode.syntax) return [];
  throw error;
}

const refusalWith =
  (code: number) =>
  (message: string, rule?: RuleCode): Refusal =>
    new Refusal(code, message, undefined, rule);

export const invalid: (message: string, rule?: RuleCode) => Refusal = refusalWith(ErrorCode.invalid);
export const unauthorized: (message: string, rule: RuleCode) => Refusal = refusalWith(ErrorCode.unauthorized);
export const badCredentials: (message: string, rule: RuleCode) => Refusal = refusalWith(ErrorCode.badCredentials);
export const syntaxError: (message: string, rule?: RuleCode) => Refusal = refusalWith(ErrorCode.syntax);
export const protocolError: (message: string) => Refusal = refusalWith(ErrorCode.protocol);
