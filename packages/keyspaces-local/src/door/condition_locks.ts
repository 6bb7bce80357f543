/**
 * Keeps writes apart where there are conditions: those on single partitions may go on together, as may those without any, one with
 * conditions on several has its tables to itself.
 */
export interface ConditionLocks {
  together<Result>(tables: readonly string[], action: () => Promise<Result>): Promise<Result>;
  alone<Result>(tables: readonly string[], action: () => Promise<Result>): Promise<Result>;
  /** Whether any write has its tables to itself, or waits until it does. */
  readonly isAnyAlone: boolean;
  /** Tells of a write that waits for none, since none is alone. */
  pass(): void;
  /** Tells of its end: until then none is alone, or for as long as Cassandra may take for it. */
  passed(): void;
}

interface Held {
  /** The end of the last one that has the table to itself. */
  alone: Promise<unknown>;
  /** The ends of those behind it that share the table. */
  together: Set<Promise<unknown>>;
}

const free = Promise.resolve();

/** Cassandra answers a write within 2 s, done or not; the answer may be held up by a client that does not read. */
const LONGEST_WRITE_MS = 2500;

export function createConditionLocks(longestWriteMs: number = LONGEST_WRITE_MS): ConditionLocks {
  const tables = new Map<string, Held>();
  let alone = 0;
  let passing = 0;
  let ofPassing: (() => void)[] = [];
  const allPassed = (): Promise<void> =>
    passing === 0
      ? free
      : new Promise((resolve) => {
          const timer = setTimeout(resolve, longestWriteMs).unref();
          ofPassing.push(() => {
            clearTimeout(timer);
            resolve();
          });
        });
  // Each waits for those before it alone, all taken in one go: none can wait for one that waits for it.
  const hold = async <Result>(names: readonly string[], isAlone: boolean, action: () => Promise<Result>) => {
    const held = [...new Set(names)].map((name) => {
      const each = tables.get(name) ?? { alone: free, together: new Set() };
      tables.set(name, each);
      return { name, each };
    });
    const before = held.flatMap(({ each }) => [each.alone, ...(isAlone ? each.together : [])]);
    if (isAlone) before.push(allPassed());
    const running = Promise.all(before).then(action);
    const end: Promise<unknown> = running.catch(() => undefined);
    if (isAlone) alone++;
    for (const { each } of held) {
      if (!isAlone) each.together.add(end);
      else {
        each.alone = end;
        each.together = new Set();
      }
    }
    try {
      return await running;
    } finally {
      if (isAlone) alone--;
      for (const { name, each } of held) {
        each.together.delete(end);
        if (each.alone === end) each.alone = free;
        if (each.alone === free && each.together.size === 0 && tables.get(name) === each) tables.delete(name);
      }
    }
  };
  return {
    together: (names, action) => hold(names, false, action),
    alone: (names, action) => hold(names, true, action),
    pass: () => void passing++,
    passed: () => {
      passing--;
      if (passing > 0) return;
      for (const resolve of ofPassing) resolve();
      ofPassing = [];
    },
    get isAnyAlone() {
      return alone > 0;
    },
  };
}
