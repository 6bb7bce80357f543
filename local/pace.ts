/** The least time, in milliseconds, that what is made at the stand-in stays in a status on its way. */
export interface Pace {
  /** A table is CREATING, UPDATING or DELETING; a keyspace takes a third of it. */
  readonly definition: number;
  /** A training or transform job, or an endpoint, in each of its statuses. */
  readonly job: number;
  /** Whether a new table takes 4,000 write and 12,000 read units a second at first. */
  readonly ramp: boolean;
}

/** `quick` shows each status and keeps nobody waiting; at `real` a person sees one after the other, as with the service, which takes minutes,
 * and a table takes no more than a new one there: a million rows take four minutes. */
const paces = {
  quick: { definition: 150, job: 50, ramp: false },
  real: { definition: 1500, job: 700, ramp: true },
} as const satisfies Record<string, Pace>;

export const QUICK: Pace = paces.quick;

/**
 * As the environment has it: `quick`, which it is if nothing is said, or `real`.
 *
 * @throws Error for any other word
 */
export function readPace(word = "quick"): Pace {
  if (Object.hasOwn(paces, word)) return paces[word as keyof typeof paces];
  throw new Error(`LOCAL_PACE: expected quick or real, got ${JSON.stringify(word)}`);
}
