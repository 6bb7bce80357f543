import type { StatementInfo } from "./plan.js";

/** Which statement a prepared id stands for. Shared by all connections, as drivers prepare on one and execute on many. */
export interface PreparedStatements {
  remember(id: Buffer, info: StatementInfo): void;
  find(id: Buffer): StatementInfo | undefined;
}

/** @param limit beyond it the oldest is forgotten; a driver that still has it is told to prepare again */
export function createPreparedStatements(limit = 10_000): PreparedStatements {
  const known = new Map<string, StatementInfo>();
  return {
    remember: (id, info) => {
      const key = id.toString("latin1");
      known.delete(key);
      known.set(key, info);
      if (known.size > limit) known.delete(known.keys().next().value as string);
    },
    find: (id) => known.get(id.toString("latin1")),
  };
}
