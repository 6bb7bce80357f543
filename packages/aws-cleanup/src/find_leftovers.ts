import { type AwsSession, ownerOf } from "@keyspaces-segmentation/aws-session";
import { deleteEntryRow, type NotedOfTable } from "@keyspaces-segmentation/cluster-store";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { findSparkJobs, type SparkJob } from "@keyspaces-segmentation/glue-features";
import { findMade, type MadeThing } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Client } from "cassandra-driver";
import { activeRuns, newest } from "./activity.js";
import { costsIn } from "./costs.js";
import { type BucketPlace, findObjects, inOne, objectsAsLeftovers, UNSEEN_OBJECTS } from "./find_objects.js";
import { type FoundKeyspace, findKeyspaces, keyspacesAsLeftovers } from "./find_tables.js";
import { foreignRow, unknownUploadRows } from "./foreign_rows.js";
import { jobAsLeftover, runsAsLeftovers, thingAsLeftover } from "./jobs_as_leftovers.js";
import { nothingKept } from "./kept_in.js";
import type { Choice } from "./options.js";
import type { Leftover, Row } from "./rows.js";
import { remedyFor, whyStays } from "./select.js";
import { withStatement } from "./statements.js";
import { reasonsToStay } from "./uses.js";

/** Where runs leave something, and the folder with the policies that name the permissions. */
export interface Places extends BucketPlace {
  readonly policies: string;
}

/** What was found. */
export interface Leftovers {
  /** In the order in which they have to go. */
  readonly goes: readonly Leftover[];
  /** What runs have made and stays, a row for each reason and run. */
  readonly stays: readonly Row[];
  /** Runs that may be under way, and by what that is known. */
  readonly active: ReadonlyMap<string, string>;
  /** What could not be looked at, in words. */
  readonly unseen: readonly StepError[];
  /** Runs that have left something, the last first; those of unknown name left out. */
  readonly runs: readonly string[];
}

/**
 * Finds what runs have made in Keyspaces, S3, SageMaker and Glue and left there: all that bears the tags or metadata of what is made here, and
 * nothing by its name alone. Nothing is changed. Of services that refuse, it is said so in `unseen`; the others are looked at all the same.
 *
 * @param keyspaces null where there is no connection
 * @throws StepError where the file of prices cannot be read
 */
export async function findLeftovers(
  keyspaces: Client | null,
  aws: AwsSession,
  { bucket, prefix, policies }: Places,
  { choice, now }: { choice: Choice; now: Date },
): Promise<Leftovers> {
  const costs = costsIn(aws.region);
  const unseen: StepError[] = [];
  const look = async <T>(tried: string, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const failure =
        error instanceof StepError ? error : new StepError({ tried, got: messageOf(error), cause: error });
      unseen.push(withStatement(failure, policies));
      return otherwise;
    }
  };
  const place = { bucket, prefix };
  const tell = (failure: StepError | undefined) => failure && unseen.push(withStatement(failure, policies));
  const refused: StepError[] = [];
  const made = await look<readonly MadeThing[] | null>("look through SageMaker", null, () =>
    findMade(aws, { onRefused: (failure) => refused.push(failure) }),
  );
  tell(inOne(refused));
  const spark = await look<readonly SparkJob[] | null>("look through Glue", null, () => findSparkJobs(aws, place));
  const objects = await look("look through the bucket", UNSEEN_OBJECTS, () => findObjects(aws, place));
  tell(objects.unread);
  const tables =
    keyspaces === null
      ? null
      : await look<readonly FoundKeyspace[] | null>("look through Keyspaces", null, () => findKeyspaces(keyspaces));
  const { kept, isRegistryUnseen } = objects;
  const inUse = (found: readonly FoundKeyspace[]) =>
    found.map((each) => {
      const signs = [each.sign, objects.readOf.get(each.keyspace)].flatMap((sign) => sign ?? []);
      return { ...each, sign: newest(signs, now) };
    });
  // Somebody may have started a run since.
  const jobFilesStill = async (): Promise<string | undefined> => {
    const [run] = runsAsLeftovers(await findSparkJobs(aws, place), place, costs);
    return run && `it is needed by ${run.what}`;
  };
  const deleteRow = async (name: Pick<NotedOfTable, "keyspace" | "table">, runId: string): Promise<void> => {
    const isThere = tables?.some(({ keyspace }) => keyspace === name.keyspace);
    if (keyspaces !== null && isThere) await deleteEntryRow(keyspaces, name, runId);
  };
  const ofObjects = objectsAsLeftovers(aws, place, objects, {
    costs,
    unseen: { isSageMaker: made === null || refused.length > 0, isGlue: spark === null },
    jobFilesStill,
    deleteRow,
    now,
  });
  const all: Leftover[] = [
    // What uses something before what it uses.
    ...runsAsLeftovers(spark ?? [], place, costs),
    ...(spark ?? []).map((job) => jobAsLeftover(job, costs)),
    ...(made ?? []).map((thing) => thingAsLeftover(thing, { made: made ?? [], place, costs })),
    ...ofObjects.filter(({ lastReadOf }) => lastReadOf === undefined),
    ...(keyspaces === null
      ? []
      : keyspacesAsLeftovers(keyspaces, inUse(tables ?? []), {
          costs,
          keptIn: (keyspace) => objects.keptIn.get(keyspace) ?? nothingKept(objects),
          choice,
        })),
    ...ofObjects.filter(({ lastReadOf }) => lastReadOf !== undefined),
  ];
  const claims = all.flatMap((each) => each.claims ?? []).map(({ run }) => ({ run, sign: undefined }));
  const active = activeRuns([...all, ...claims], now);
  const known = { owner: ownerOf(aws), kept, active };
  const reasonsFor = (of: Choice) =>
    reasonsToStay(
      all,
      { region: aws.region, keyspaces: tables },
      (each) =>
        each.elsewhere ??
        whyStays(each, of, known) ??
        each.needed ??
        (of === "broken off"
          ? isRegistryUnseen
            ? "whether its run was kept could not be seen"
            : each.unseen
          : undefined),
    );
  const reasons = reasonsFor(choice);
  const goesFor = new Map<string, ReadonlySet<Leftover>>();
  const removes = (each: Leftover, other: Choice): boolean => {
    const key = JSON.stringify(other);
    const goes = goesFor.get(key) ?? goingIn(reasonsFor(other));
    goesFor.set(key, goes);
    return goes.has(each);
  };
  const withRemedy = (each: Leftover, reason: string): string =>
    reason === whyStays(each, choice, known)
      ? `${reason}${remedyFor(each, choice, known, (other) => removes(each, other))}`
      : reason;
  return {
    active,
    goes: reasons.flatMap(({ each, reason }) => (reason === undefined ? [each] : [])),
    stays: [
      ...reasons.flatMap(({ each, reason }) =>
        reason === undefined
          ? []
          : [rowOf(each, { active, goes: false, outcome: `stays: ${withRemedy(each, reason)}` })],
      ),
      ...unknownUploadRows(place, objects.unknownUploads),
      ...foreignRow(place, objects.foreign),
    ],
    unseen,
    runs: [...new Set([...all, ...claims].flatMap(({ run }) => run ?? []))].sort().reverse(),
  };
}

const goingIn = (reasons: ReturnType<typeof reasonsToStay<Leftover>>): ReadonlySet<Leftover> =>
  new Set(reasons.flatMap(({ each, reason }) => (reason === undefined ? [each] : [])));

/** A row for what was found. */
export const rowOf = (
  { what, run, usdPerHour, cost }: Leftover,
  {
    active,
    goes,
    outcome,
    failed = false,
  }: Pick<Row, "goes" | "outcome"> & { active: Leftovers["active"]; failed?: boolean },
): Row => ({
  what,
  run: run ?? null,
  usdPerHour,
  cost,
  goes,
  outcome,
  failed,
  active: (run !== undefined && active.get(run)) || null,
});
