import {
  type AwsSession,
  cleanupCommand,
  deleteOwnObjects,
  discardDownload,
  isCurrent,
  type LookedAt,
  madeBySageMaker,
  type WhyStays,
  type Written,
} from "@keyspaces-segmentation/aws-session";
import { deleteEntryRow, lastReadObject, registryObject } from "@keyspaces-segmentation/cluster-store";
import { type Exact, formatNumber, messageOf, StepError, shellWord } from "@keyspaces-segmentation/common";
import type { Invoices } from "@keyspaces-segmentation/invoice-store";
import { isNoteOfUse } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Client } from "cassandra-driver";
import { nothingKept } from "./kept_in.js";
import { dropOwnKeyspace, keyspaceInWords } from "./keyspace_of_run.js";
import { isOfOthers, lookAtRegistry, type Registered, runInWords } from "./objects_of_run.js";
import { ofPrefix, prefixOfKey } from "./prefix_of_key.js";
import type { Cleaned } from "./rows.js";

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

export interface CleanUpOptions {
  /**
   * Removes, or says that it stays, what else the run has made, told whether the run's table stays; where that could not be seen, it does.
   * A failure of it, too, keeps nothing else from being removed.
   */
  also?: (tableStays: boolean) => Promise<readonly Cleaned[]>;
  /** Is told what has become of each thing, also where others could not be removed, before that is thrown. */
  show?: (cleaned: readonly Cleaned[]) => void;
  signal?: AbortSignal;
}

/**
 * Drops the tables and the keyspace and deletes the run's objects in S3, if that is wanted, and says of each thing what is left of it.
 * Only what this run or an earlier one of the same owner has made and marked goes; of anything else it is said that it stays. Without its
 * results, the run's registry entry goes as well. What another run has kept under the same id, as it has looked at the same data in the
 * same way, stays as far as it is there: where the bucket keeps no versions, this run has written over it.
 *
 * @throws StepError naming all that could not be removed, once the rest is; the signal's reason when aborted
 */
export async function cleanUp<M extends Leftovers>(
  keyspaces: Client,
  aws: AwsSession,
  made: Exact<M, Leftovers>,
  { also = async () => [], show = () => undefined, signal }: CleanUpOptions = {},
): Promise<Cleaned[]> {
  const { keyspace, bucket, prefix, run, job, isEarlierTraining = false, invoices = "own" } = made;
  await discardDownload(made.dataFile);
  const training = `${prefix}/${job}/`;
  const results = `${prefix}/${run}/`;
  const folders = [...(isEarlierTraining ? [] : [training]), results];
  const entryKey = registryObject(aws, made, run).key;
  const what = {
    keyspace: `keyspace ${keyspace}`,
    objects: `objects in ${folders.map((folder) => `s3://${bucket}/${folder}`).join(" and ")}`,
    entry: `registry entry of this run, s3://${bucket}/${entryKey}`,
  };
  const left = {
    what: `training job ${job}`,
    outcome: "stays in the account's history, costs nothing but its log in CloudWatch",
  };
  if (!made.cleanUp) {
    const outcome = "left in place; its storage is billed";
    // The keyspace may be an earlier run's.
    const remove = aws.run === undefined ? undefined : cleanupCommand(made, `--run ${shellWord(aws.run)}`);
    const later = remove === undefined ? "" : `; what this run has made goes later by ${remove}`;
    const staying = [
      { what: what.keyspace, outcome },
      { what: what.objects, outcome: `${outcome}${later}` },
      { what: what.entry, outcome: "left in place; the next run recognises these clusters by it" },
      left,
      ...(await also(true)),
    ];
    show(staying);
    return staying;
  }
  const failures: unknown[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error);
      return undefined;
    }
  };
  const deleteBelow = (below: string, lookForReasons: Reasons) =>
    deleteOwnObjects(aws, { bucket, prefix: below }, { madeOf: madeBySageMaker, lookForReasons, signal });
  const registered = await attempt(() => lookAtRegistry(aws, made, run, signal));
  // The row before the object, by which a later clean-up knows the run.
  let rowFailure: unknown;
  if (registered?.keptBy.length === 0) {
    rowFailure = await deleteEntryRow(keyspaces, made, run, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      return error;
    });
  }
  const dropped = await attempt(() =>
    dropOwnKeyspace(
      keyspaces,
      aws,
      { keyspace, table: made.table, invoices },
      { kept: registered?.kept ?? nothingKept({ isListed: false }), signal },
    ),
  );
  const tableStays =
    dropped === undefined ||
    (dropped.keyspace === "others" && !dropped.tables.includes(made.table)) ||
    dropped.staying.has(made.table) ||
    dropped.foreign.includes(`table ${made.table}`);
  const tablesGone = new Set([...(dropped?.tables ?? []), ...(tableStays ? [] : [made.table])]);
  // With the keyspace, the row has gone.
  const isRowLeft = rowFailure !== undefined && !["dropped", "absent"].includes(dropped?.keyspace ?? "");
  if (isRowLeft) failures.push(rowFailure);

  const keptBy = new Set(registered?.keptBy.map((each) => each.run));
  const whyOthers = reasonOfOthers(aws, { bucket, prefix, keptBy });
  const ofTraining = reasonOfTraining(aws, { training, isEarlierTraining, whyOthers });
  // No entry points at anything that is gone.
  const whyKept =
    registered === undefined
      ? "whether another run has kept them could not be seen"
      : whyEntryStays(registered, { keptBy, isRowLeft });
  const entry =
    whyKept === undefined
      ? await attempt(async () => {
          const { deleted } = await deleteBelow(entryKey, () => whyOthers);
          return deleted > 0 ? "deleted; those of earlier runs stay" : "nothing of this run's is there";
        })
      : `stays, with results and model: ${whyKept}`;
  let count = 0;
  const staying: Cleaned[] = [];
  const remove = async (below: string, reasons: Reasons = () => whyOthers) => {
    const found = await deleteBelow(below, reasons);
    count += found.deleted;
    for (const key of found.foreign)
      staying.push({ what: `s3://${bucket}/${key}`, outcome: "stays, no run of this walkthrough made it" });
    for (const why of found.staying.keys()) staying.push({ what: `s3://${bucket}/${below}`, outcome: `stays, ${why}` });
    for (const [key, { message }] of found.unread)
      staying.push({ what: `s3://${bucket}/${key}`, outcome: `stays, it may not be looked at: ${message}` });
  };
  await attempt(async () => {
    if (whyKept === undefined && entry !== undefined) {
      if (isEarlierTraining) await deleteBelow(training, ofTraining);
      else await remove(training, ofTraining);
      await remove(results);
    }
    // What the next read goes on from is the table's, and other runs may go on with that.
    for (const table of tablesGone) {
      await remove(lastReadObject(aws, { keyspace, table, bucket, prefix }).key, () => () => undefined);
    }
  });
  const others = await attempt(() => also(tableStays));
  const model = {
    what: `training data and model in s3://${bucket}/${training}`,
    outcome: "stay, an earlier run made them and may need them",
  };
  const cleaned = [
    ...(entry === undefined ? [] : [{ what: what.entry, outcome: entry }]),
    ...(dropped === undefined ? [] : keyspaceInWords(keyspace, dropped, cleanupCommand(made, "--all"))),
    { what: what.objects, outcome: `${formatNumber(count)} deleted` },
    ...staying,
    ...(others ?? []),
    ...(isEarlierTraining ? [model] : []),
    { what: `bucket ${bucket}`, outcome: "stays, other work may be in it" },
    left,
  ];
  show(cleaned);
  if (failures.length > 0) throw allOf(failures, run);
  return cleaned;
}

/** Tells, by all that lies below a prefix, why something of it stays. */
type Reasons = (there: LookedAt) => WhyStays;

/** Tells why something stays, as it is another run's or prefix's; undefined where it goes. */
function reasonOfOthers(
  aws: AwsSession,
  { bucket, prefix, keptBy }: { bucket: string; prefix: string; keptBy: ReadonlySet<string | undefined> },
): WhyStays {
  return ({ key, run, owner }) => {
    // A prefix may lead into a folder of this one.
    const of = prefixOfKey(prefix, key);
    if (of !== prefix) return ofPrefix(of, bucket);
    if (isOfOthers(aws, owner)) return `${owner} has made it`;
    return keptBy.has(run) ? `${runInWords(run)} has kept it` : undefined;
  };
}

/** Tells, by all that lies in the folder of a training, why something of it stays; one's own note that one goes on with it does not. */
function reasonOfTraining(
  aws: AwsSession,
  { training, isEarlierTraining, whyOthers }: { training: string; isEarlierTraining: boolean; whyOthers: WhyStays },
): Reasons {
  const isNote = ({ key }: Pick<Written, "key">) => isNoteOfUse(key.slice(training.length));
  return ({ own, unread }) => {
    const user = own.find((each) => isCurrent(each) && isNote(each) && each.run !== aws.run);
    const goesOn = user && `${runInWords(user.run)} goes on with its model`;
    const unseen = [...unread.keys()].some((key) => isNote({ key }))
      ? "whether another run goes on with its model could not be seen"
      : undefined;
    const why = isEarlierTraining ? "an earlier run made it and may need it" : (goesOn ?? unseen);
    if (why === undefined) return whyOthers;
    return (written) => (isNote(written) && written.run === aws.run ? undefined : why);
  };
}

/** Why the entry of a run stays, and what it points at; undefined where they go. */
function whyEntryStays(
  { entry }: Registered,
  { keptBy, isRowLeft }: { keptBy: ReadonlySet<string | undefined>; isRowLeft: boolean },
): string | undefined {
  if (entry === undefined) return undefined;
  if (keptBy.has(entry.run)) return `${runInWords(entry.run)} has kept the same`;
  return isRowLeft ? "its row in the keyspace could not be deleted" : undefined;
}

/** One failure that tells of all. */
function allOf(failures: readonly unknown[], run: string): unknown {
  const [first, ...more] = failures;
  if (more.length === 0) return first;
  const hints = new Set(failures.flatMap((each) => (each instanceof StepError ? (each.hint ?? []) : [])));
  const got = failures.map(messageOf).join(" ");
  return new StepError({ tried: `clean up after run ${run}`, got, hint: [...hints].join(" "), cause: first });
}
