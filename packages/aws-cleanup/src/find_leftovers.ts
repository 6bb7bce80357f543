import { type AwsSession, ownerOf } from "@keyspaces-segmentation/aws-session";
import { deleteEntryRow, type NotedOfTable } from "@keyspaces-segmentation/cluster-store";
import { formatPlural, messageOf, StepError } from "@keyspaces-segmentation/common";
import { findSparkJobs, type SparkJob } from "@keyspaces-segmentation/glue-features";
import { findMade, type MadeThing } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Client } from "cassandra-driver";
import { activeRuns, newest } from "./activity.js";
import { type Costs, costsIn } from "./costs.js";
import { type BucketPlace, findObjects, type ObjectsOfRuns, objectsAsLeftovers } from "./find_objects.js";
import { type FoundKeyspace, findKeyspaces, keyspacesAsLeftovers } from "./find_tables.js";
import { reasonWithTable } from "./last_reads.js";
import { unseenOf } from "./prefix_of_key.js";
import type { Leftover, Row } from "./rows.js";
import { type Choice, whyStays, whyUsed } from "./select.js";
import { withStatement } from "./statements.js";

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

const nothing: ObjectsOfRuns = {
  own: [],
  uploads: [],
  foreign: [],
  kept: new Set(),
  keptIn: new Map(),
  readOf: new Map(),
};

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
  const made = await look<readonly MadeThing[] | null>("look through SageMaker", null, () => findMade(aws));
  const spark = await look<readonly SparkJob[] | null>("look through Glue", null, () => findSparkJobs(aws, place));
  const objects = await look("look through the bucket", nothing, () => findObjects(aws, place));
  const tables =
    keyspaces === null
      ? null
      : await look<readonly FoundKeyspace[] | null>("look through Keyspaces", null, () => findKeyspaces(keyspaces));
  const { kept } = objects;
  const inUse = (found: readonly FoundKeyspace[]) =>
    found.map((each) => {
      const signs = [each.sign, objects.readOf.get(each.keyspace)].flatMap((sign) => sign ?? []);
      return { ...each, sign: newest(signs, now) };
    });
  // Who could not look at the registry does not know what was kept.
  const registryUnseen = unseen.some((failure) => failure.message.includes(`s3://${bucket}/`));
  const runsOf = new Map((spark ?? []).map((job) => [job, runsAsLeftovers(job, costs)] as const));
  const sparkRuns = [...runsOf.values()].flat();
  const knownOfRuns = { owner: ownerOf(aws), kept, active: activeRuns(sparkRuns, now) };
  // While a run goes on that stays, its job has to be there, and what the job runs.
  const neededBy = (runs: readonly Leftover[]): string | undefined => {
    const staying = runs.find((run) => whyStays(run, choice, knownOfRuns) !== undefined);
    return staying && `${staying.what}, needs it`;
  };
  // Somebody may have started a run since.
  const jobFilesStill = async (): Promise<string | undefined> => {
    for (const job of await findSparkJobs(aws, place)) {
      const [run] = runsAsLeftovers(job, costs);
      if (run !== undefined) return `${run.what}, needs it`;
    }
    return undefined;
  };
  const jobFiles = spark === null ? "whether a run of Spark needs it could not be seen" : neededBy(sparkRuns);
  const deleteRow = async (name: Pick<NotedOfTable, "keyspace" | "table">, runId: string): Promise<void> => {
    const isThere = tables?.some(({ keyspace }) => keyspace === name.keyspace);
    if (keyspaces !== null && isThere) await deleteEntryRow(keyspaces, name, runId);
  };
  const ofObjects = objectsAsLeftovers(aws, place, objects, {
    costs,
    models: made,
    jobFiles,
    jobFilesStill,
    deleteRow,
    now,
  });
  const all: Leftover[] = [
    // Runs first: a job goes once none is left.
    ...[...runsOf].flatMap(([job, runs]) => [...runs, jobAsLeftover(job, neededBy(runs), costs)]),
    ...(made ?? []).map((thing) => thingAsLeftover(thing, place, costs)),
    ...ofObjects.filter(({ lastReadOf }) => lastReadOf === undefined),
    ...(keyspaces === null
      ? []
      : keyspacesAsLeftovers(keyspaces, inUse(tables ?? []), {
          costs,
          keptIn: objects.keptIn,
          choice,
        })),
    ...ofObjects.filter(({ lastReadOf }) => lastReadOf !== undefined),
  ];
  const uses = all.flatMap((each) => each.uses ?? []).map(({ run }) => ({ run, sign: undefined }));
  const active = activeRuns([...all, ...uses], now);
  const known = { owner: ownerOf(aws), kept, active };
  const keptUnseen = "whether its run was kept could not be seen";
  const reasonOf = reasonWithTable(
    { region: aws.region, keyspaces: tables, all },
    (each) =>
      each.elsewhere ??
      whyStays(each, choice, known) ??
      whyUsed(each, choice, known) ??
      each.needed ??
      (choice === "broken off" ? (registryUnseen ? keptUnseen : each.unseen) : undefined),
  );
  const reasons = all.map((each) => ({ each, reason: reasonOf(each) }));
  return {
    active,
    goes: reasons.flatMap(({ each, reason }) => (reason === undefined ? [each] : [])),
    stays: [
      ...reasons.flatMap(({ each, reason }) =>
        reason === undefined ? [] : [rowOf(each, { active, goes: false, outcome: `stays: ${reason}` })],
      ),
      ...foreignRow(place, objects.foreign),
    ],
    unseen,
    runs: [...new Set(all.flatMap(({ run }) => run ?? []))].sort().reverse(),
  };
}

function thingAsLeftover(thing: MadeThing, place: BucketPlace, costs: Costs): Leftover {
  const { kind, name, run, owner, neededBy, modelUri } = thing;
  const isJob = kind === "training job" || kind === "transform job";
  return {
    run,
    owner,
    needed: neededBy && `${neededBy} needs it`,
    unseen: modelUri && unseenOf(modelUri, place),
    what: `${kind} ${name}${isJob ? ", which is running" : ""}`,
    sign: isJob ? { at: "now", what: `${kind} ${name} is running` } : undefined,
    ...costs.made(thing),
    remove: async () => {
      await thing.remove();
      return isJob ? "stopped" : undefined;
    },
  };
}

function runsAsLeftovers({ name, running }: SparkJob, costs: Costs): Leftover[] {
  return running.map(({ id, run, owner, workerType, workers, stop }): Leftover => {
    const what = `run ${id} of the Glue job ${name}`;
    return {
      run,
      owner,
      needed: undefined,
      what: `${what}, which is running`,
      sign: { at: "now", what: `${what} is running` },
      ...costs.glue({ workerType, workers }),
      remove: async () => {
        await stop();
        return "stopped";
      },
    };
  });
}

const jobAsLeftover = ({ name, remove }: SparkJob, needed: string | undefined, costs: Costs): Leftover => ({
  run: undefined,
  owner: undefined,
  sign: undefined,
  needed,
  what: `Glue job ${name}`,
  ...costs.nothing(),
  remove: async () => {
    await remove();
    return undefined;
  },
});

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

function foreignRow({ bucket, prefix }: BucketPlace, foreign: readonly string[]): Row[] {
  const [first] = foreign;
  if (first === undefined) return [];
  const objects = formatPlural(foreign.length, "object");
  return [
    {
      what: `${objects} in s3://${bucket}/${prefix}/, ${first}${foreign.length > 1 ? " first" : ""}`,
      run: null,
      usdPerHour: null,
      cost: "",
      active: null,
      goes: false,
      failed: false,
      outcome: "stays: no run of this walkthrough made it",
    },
  ];
}
