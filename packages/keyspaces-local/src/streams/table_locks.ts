/** Lets one action at a time have a table. */
export interface TableLocks {
  /** Waits for all of the tables, has the action done, and lets them go. */
  hold<Result>(tables: readonly string[], action: () => Promise<Result>): Promise<Result>;
}

export function createTableLocks(): TableLocks {
  const held = new Map<string, Promise<unknown>>();
  return {
    hold: async (tables, action) => {
      const names = [...new Set(tables)];
      const before = names.map((name) => held.get(name));
      // Taken in one go: two actions on the same tables cannot each have one and wait for the other.
      const running = Promise.all(before).then(action);
      const settled = running.catch(() => undefined);
      for (const name of names) held.set(name, settled);
      try {
        return await running;
      } finally {
        for (const name of names) if (held.get(name) === settled) held.delete(name);
      }
    },
  };
}
