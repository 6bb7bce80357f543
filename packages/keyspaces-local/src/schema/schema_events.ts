import type { SchemaChange } from "../protocol/schema_change.js";

/** Who wants to know of changes of the schema, whoever made them and by which door. */
export interface SchemaEvents {
  tell(change: SchemaChange): void;
  /** @param who hears of each change once, however often they ask to */
  listen(who: object, listener: (change: SchemaChange) => void): void;
  leave(who: object): void;
}

export function createSchemaEvents(): SchemaEvents {
  const listeners = new Map<object, (change: SchemaChange) => void>();
  return {
    tell: (change) => {
      for (const listener of listeners.values()) listener(change);
    },
    listen: (who, listener) => void listeners.set(who, listener),
    leave: (who) => void listeners.delete(who),
  };
}
