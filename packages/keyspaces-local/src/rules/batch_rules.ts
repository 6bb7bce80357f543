import type { RowShape } from "./row_shape.js";
import type { Rule } from "./rules.js";

/** One of a batch's statements, as far as its batch is judged by it. */
interface InBatch {
  readonly conditional: boolean;
  readonly operators: ReadonlySet<string>;
  readonly counts: boolean;
  readonly writesStatics: boolean;
  readonly rows: readonly RowShape[];
}

export interface BatchSubject {
  readonly type: "logged" | "unlogged" | "counter";
  readonly size: number;
  /** Of the whole batch, as it came. */
  readonly bytes: number;
  /** Those that have been read so far. */
  readonly statements: readonly InBatch[];
  readonly loggedBatches: "refuse" | "accept";
}

const UNLOGGED_LIMIT = 30;
const LOGGED_LIMIT = 100;
const LOGGED_LIMIT_WITH_STATICS = 50;
const LOGGED_BYTES = 4 * 1024 * 1024;

/** A rule of LOGGED batches, by what is wrong with one of their statements. */
const logged = (
  code: Rule<BatchSubject>["code"],
  refuse: (statement: InBatch) => string | undefined,
): Rule<BatchSubject> => ({
  code,
  refuse: ({ type, statements }) => {
    if (type !== "logged") return undefined;
    for (const statement of statements) {
      const text = refuse(statement);
      if (text !== undefined) return text;
    }
    return undefined;
  },
});

const tooMany = (size: number, limit: number): string | undefined =>
  size > limit ? `Batch has ${size} statements; at most ${limit} are supported` : undefined;

/** @see https://docs.aws.amazon.com/keyspaces/latest/devguide/batchStatements.html */
export const batchRules: readonly Rule<BatchSubject>[] = [
  {
    code: "KL-LOGGED",
    refuse: ({ type, loggedBatches }) =>
      type === "logged" && loggedBatches === "refuse" ? "Only UNLOGGED Batches are supported at this time." : undefined,
  },
  {
    code: "KL-COUNTER-BATCH",
    refuse: ({ type }) => (type === "counter" ? "COUNTER batches are not supported" : undefined),
  },
  {
    code: "KL-UNLOGGED-SIZE",
    refuse: ({ type, size }) => (type === "unlogged" ? tooMany(size, UNLOGGED_LIMIT) : undefined),
  },
  {
    code: "KL-LOGGED-SIZE",
    refuse: ({ type, size }) => (type === "logged" ? tooMany(size, LOGGED_LIMIT) : undefined),
  },
  {
    code: "KL-LOGGED-STATIC",
    refuse: ({ type, size, statements }) =>
      type === "logged" && statements.some(({ writesStatics }) => writesStatics)
        ? tooMany(size, LOGGED_LIMIT_WITH_STATICS)
        : undefined,
  },
  {
    code: "KL-LOGGED-BYTES",
    refuse: ({ type, bytes }) =>
      type === "logged" && bytes > LOGGED_BYTES
        ? `Batch has ${bytes} bytes; at most ${LOGGED_BYTES} are supported`
        : undefined,
  },
  {
    code: "KL-UNLOGGED-CONDITION",
    refuse: ({ type, statements }) =>
      type === "unlogged" && statements.some(({ conditional }) => conditional)
        ? "Conditional statements are not supported in UNLOGGED batches"
        : undefined,
  },
  logged("KL-LOGGED-OPERATOR", ({ operators }) => {
    const operator = [...operators].find((each) => each !== "=");
    return operator && `Operator ${operator.toUpperCase()} is not supported in LOGGED batches`;
  }),
  logged("KL-LOGGED-RANGE", ({ rows }) =>
    rows.some(({ range }) => range) ? "Range deletes are not supported in LOGGED batches" : undefined,
  ),
  logged("KL-LOGGED-COUNTER", ({ counts }) =>
    counts ? "Counter operations are not supported in LOGGED batches" : undefined,
  ),
];
