/** What has become of a keyspace, table or type: what drivers that keep the schema have yet to learn. */
export interface SchemaChange {
  readonly change: "CREATED" | "UPDATED" | "DROPPED";
  readonly object: "keyspace" | "table" | "type";
  readonly keyspace: string;
  /** Of the table or type; empty for a keyspace. */
  readonly name: string;
}

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
