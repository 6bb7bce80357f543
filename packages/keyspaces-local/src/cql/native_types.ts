/** A word of these stands for itself wherever a type is written, whatever types there are besides. */
export const nativeTypes: ReadonlySet<string> = new Set(
  `ascii bigint blob boolean counter date decimal double duration float inet int smallint text time timestamp timeuuid
  tinyint uuid varchar varint`.split(/\s+/),
);
