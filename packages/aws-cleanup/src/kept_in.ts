import { isCurrent, type OwnVersion } from "@keyspaces-segmentation/aws-session";
import { notedOfTable } from "@keyspaces-segmentation/cluster-store";
import { prefixOfKey } from "./prefix_of_key.js";

/** An entry of the registry, and the run that has kept it. */
export interface KeptEntry {
  readonly run: string | undefined;
  /** Whose run that was. */
  readonly owner: string | undefined;
  /** By which its row in the keyspace is known. */
  readonly id: string;
  /** Whose invoices its results are of. */
  readonly table: string;
  /** Below which it was kept. */
  readonly prefix: string;
}

/** An object of the registry that may not be looked at, so that nothing tells who has kept it. */
export interface UnreadEntry {
  readonly uri: string;
  readonly table: string;
  /** Of which results it is; null where it is something else. */
  readonly id: string | null;
}

/** What the bucket tells of results in a keyspace that were kept. */
export interface KeptIn {
  readonly entries: readonly KeptEntry[];
  readonly unread: readonly UnreadEntry[];
  /** Whether the bucket let itself be looked through at all. */
  readonly isListed: boolean;
}

/** Where the bucket has nothing of a keyspace, as far as it could be looked through. */
export const nothingKept = ({ isListed }: Pick<KeptIn, "isListed">): KeptIn => ({ entries: [], unread: [], isListed });

/** What was kept in the keyspaces of a region, by their names, as the objects below a prefix tell. */
export function keptByKeyspace(
  { own, unread }: { own: readonly OwnVersion[]; unread: Iterable<string> },
  { region, bucket, prefix }: { region: string; bucket: string; prefix: string },
): ReadonlyMap<string, KeptIn> {
  const kept = new Map<string, { entries: KeptEntry[]; unread: UnreadEntry[]; isListed: true }>();
  const ofKeyspace = (keyspace: string) => {
    const of = kept.get(keyspace) ?? { entries: [], unread: [], isListed: true };
    kept.set(keyspace, of);
    return of;
  };
  const noted = (key: string) => {
    const of = notedOfTable({ prefix: prefixOfKey(prefix, key), key });
    return of?.region === region ? of : undefined;
  };
  for (const { key, run, owner } of own.filter(isCurrent)) {
    const of = noted(key);
    if (of === undefined || of.runId === null) continue;
    const { keyspace, table, runId: id } = of;
    ofKeyspace(keyspace).entries.push({ run, owner, id, table, prefix: prefixOfKey(prefix, key) });
  }
  for (const key of unread) {
    const of = noted(key);
    if (of) ofKeyspace(of.keyspace).unread.push({ uri: `s3://${bucket}/${key}`, table: of.table, id: of.runId });
  }
  return kept;
}
