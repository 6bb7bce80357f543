import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { deleteOwnObjects, discardDownload, madeBySageMaker } from "@keyspaces-segmentation/aws-session";
import { deleteEntry, deleteEntryRow, lastReadObject, registryObject } from "@keyspaces-segmentation/cluster-store";
import type { Exact } from "@keyspaces-segmentation/common";
import { formatNumber } from "@keyspaces-segmentation/common";
import { type DroppedKeyspace, dropKeyspace, type Invoices } from "@keyspaces-segmentation/invoice-store";
import type { Client } from "cassandra-driver";
import { ofPrefix, prefixOfKey } from "./prefix_of_key.js";

/** What a run has made, and where. */
interface Leftovers {
  keyspace: string;
  table: string;
  bucket: string;
  /** Key prefix of all runs, without slashes at its ends. Below it lie the run's results by its id, the training's objects by its job. */
  prefix: string;
  /** The id of the run. */
  run: string;
  /** The training job. */
  job: string;
  /** Whether the training is an earlier run's, which may still need it: its objects stay then. Default false. */
  isEarlierTraining?: boolean;
  /** The data file; it is removed where this process has downloaded it. */
  dataFile: string;
  /** Whose invoices the run was on; default the reader's own. */
  invoices?: Invoices;
  /** False: leave keyspace and objects where they are. */
  cleanUp: boolean;
}

/** One thing that the run has made or met, and what has become of it. */
export interface Cleaned {
  what: string;
  outcome: string;
}

export interface CleanUpOptions {
  /**
   * Removes, or says that it stays, what else the run has made, told whether the run's table stays; where that could not be seen, it does.
   * A failure of it, too, keeps nothing else from being removed.
   */
  also?: (tableStays: boolean) => Promise<readonly Cleaned[]>;
  signal?: AbortSignal;
}

/**
 * Drops the tables and the keyspace and deletes the run's objects in S3, if that is wanted, and says of each thing what is left of it.
 * Only what this run or an earlier one has made and marked goes; of anything else it is said that it stays. Without its results, the
 * run's registry entry goes as well; that of an earlier run, which was kept, stays.
 *
 * @throws StepError naming what could not be removed, once the rest is; the signal's reason when aborted
 */
export async function cleanUp<M extends Leftovers>(
  keyspaces: Client,
  aws: AwsSession,
  made: Exact<M, Leftovers>,
  { also = async () => [], signal }: CleanUpOptions = {},
): Promise<Cleaned[]> {
  const { keyspace, bucket, prefix, run, job, isEarlierTraining = false, invoices = "own" } = made;
  await discardDownload(made.dataFile);
  const training = `${prefix}/${job}/`;
  const folders = [...(isEarlierTraining ? [] : [training]), `${prefix}/${run}/`];
  const what = {
    keyspace: `keyspace ${keyspace}`,
    objects: `objects in ${folders.map((folder) => `s3://${bucket}/${folder}`).join(" and ")}`,
    entry: `registry entry of this run, s3://${bucket}/${registryObject(aws, made, run).key}`,
  };
  const left = {
    what: `training job ${job}`,
    outcome: "stays in the account's history, costs nothing but its log in CloudWatch",
  };
  if (!made.cleanUp) {
    const outcome = "left in place; its storage is billed";
    const later = aws.run === undefined ? "" : `; later: npm run cleanup -- --run ${aws.run}`;
    return [
      { what: what.keyspace, outcome: `${outcome}${later}` },
      { what: what.objects, outcome },
      { what: what.entry, outcome: "left in place; the next run recognises these clusters by it" },
      left,
      ...(await also(true)),
    ];
  }
  let tableStays = true;
  let tablesGone: readonly string[] = [];
  const works = [
    // First, so that no entry points at results that are gone; the row before the object, by which a later clean-up knows the run.
    async () => {
      await deleteEntryRow(keyspaces, made, run, { signal });
      const outcome = (await deleteEntry(aws, made, run))
        ? "deleted; those of earlier runs stay"
        : "nothing of this run's is there";
      return [{ what: what.entry, outcome }];
    },
    async () => {
      const dropped = await dropKeyspace(keyspaces, { keyspace }, { ...(signal && { signal }), invoices });
      tableStays = dropped.keyspace === "others" || dropped.foreign.includes(`table ${made.table}`);
      tablesGone = [...new Set([...dropped.tables, ...(tableStays ? [] : [made.table])])];
      return tablesInWords(keyspace, dropped);
    },
    async () => {
      const foreign: string[] = [];
      const nested = new Set<string>();
      // A prefix may lead into a folder of this one.
      const stays = (key: string): boolean => {
        const of = prefixOfKey(prefix, key);
        if (of !== prefix) nested.add(of);
        return of !== prefix;
      };
      let deleted = 0;
      // What the next read goes on from is the table's, and other runs may go on with that.
      const lastReads = tablesGone.map((table) => lastReadObject(aws, { keyspace, table, bucket, prefix }).key);
      for (const prefixOf of [...folders, ...lastReads]) {
        const at = { bucket, prefix: prefixOf };
        const done = await deleteOwnObjects(aws, at, { madeOf: madeBySageMaker, stays, signal });
        deleted += done.deleted;
        foreign.push(...done.foreign);
      }
      return [
        { what: what.objects, outcome: `${formatNumber(deleted)} deleted` },
        ...foreign.map((key) => ({
          what: `s3://${bucket}/${key}`,
          outcome: "stays, no run of this walkthrough made it",
        })),
        ...[...nested].map((of) => ({ what: `s3://${bucket}/${of}/`, outcome: `stays, ${ofPrefix(of)}` })),
      ];
    },
    () => also(tableStays),
  ];
  const cleaned: Cleaned[] = [];
  const failures: unknown[] = [];
  for (const work of works) {
    try {
      cleaned.push(...(await work()));
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  const model = {
    what: `training data and model in s3://${bucket}/${training}`,
    outcome: "stay, an earlier run made them and may need them",
  };
  const kept = isEarlierTraining ? [model] : [];
  return [...cleaned, ...kept, { what: `bucket ${bucket}`, outcome: "stays, other work may be in it" }, left];
}

function tablesInWords(keyspace: string, { tables, foreign, keyspace: outcome }: DroppedKeyspace): Cleaned[] {
  const dropped = tables.length > 0 ? `; dropped of it: ${tables.sort().join(", ")}` : "";
  const outcomes: Record<DroppedKeyspace["keyspace"], string> = {
    dropped: "dropped, with its tables",
    absent: "was not there",
    unmarked: `stays, this walkthrough did not make it${dropped}`,
    shared: `stays, as it holds what this walkthrough did not make${dropped}`,
    others: "stays, with its tables: it holds invoices of your own, and this run was on the sample",
  };
  return [
    { what: `keyspace ${keyspace}`, outcome: outcomes[outcome] },
    ...foreign.map((each) => ({ what: `${each} in it`, outcome: "stays, this walkthrough did not make it" })),
  ];
}
