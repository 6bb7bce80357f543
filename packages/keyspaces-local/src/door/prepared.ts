import { hasBytesAt } from "../protocol/notation.js";
import type { StatementInfo } from "../rules/plan_data.js";

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
      if (lastId?.length === id.length && hasBytesAt(id, 0, lastId)) return lastInfo;
      lastInfo = known.get(id.toString("latin1"));
      // A copy: the id of a request would keep all of the request in memory.
      lastId = lastInfo && Buffer.from(id);
      return lastInfo;
    },
  };
}
