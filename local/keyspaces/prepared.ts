import type { StatementInfo } from "./plan.js";

/** Which statement a prepared id stands for. Shared by all connections, as drivers prepare on one and execute on many. */
export interface PreparedStatements {
  remember(id: Buffer, info: StatementInfo): void;
  find(id: Buffer): StatementInfo | undefined;
}

/** @param limit beyond it the oldest is forgotten; a driver that still has it is told to prepare again */
export function createPreparedStatements(limit = 10_000): PreparedStatements {
  const known = new Map<string, StatementInfo>();
  // A load executes one statement over and over: a few bytes compared are cheaper than a key made of them.
  let lastId: Buffer | undefined;
  let lastInfo: StatementInfo | undefined;
  return {
    remember: (id, info) => {
      const key = id.toString("latin1");
      lastId = undefined;
      known.delete(key);
      known.set(key, info);
      if (known.size > limit) known.delete(known.keys().next().value as string);
    },
    find: (id) => {
      if (lastId !== undefined && haveSameBytes(lastId, id)) return lastInfo;
      lastInfo = known.get(id.toString("latin1"));
      // A copy: the id of a request would keep all of the request in memory.
      lastId = lastInfo && Buffer.from(id);
      return lastInfo;
    },
  };
}

function haveSameBytes(a: Buffer, b: Buffer): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
