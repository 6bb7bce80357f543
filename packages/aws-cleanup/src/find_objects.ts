import {
  type AwsSession,
  abortUpload,
  deleteVersions,
  type FoundObjects,
  findOwnObjects,
  locationOf,
  madeBySageMaker,
  type OwnVersion,
  type UnfinishedUpload,
} from "@keyspaces-segmentation/aws-session";
import { type NotedOfTable, notedOfTable } from "@keyspaces-segmentation/cluster-store";
import { formatPlural, StepError } from "@keyspaces-segmentation/common";
import { isNoteOfUse, type MadeThing } from "@keyspaces-segmentation/sagemaker-kmeans";
import { newest, type Sign } from "./activity.js";
import type { Costs } from "./costs.js";
import { ofPrefix, prefixOfKey } from "./prefix_of_key.js";
import type { Leftover, Use } from "./rows.js";
import { withMarkers } from "./versions.js";

const MODEL = /\/output\/model\.tar\.gz$/;

/** A bucket, and the prefix of all runs in it, without slashes at its ends. */
export interface BucketPlace {
  readonly bucket: string;
  readonly prefix: string;
}

/** An entry of the registry, and the run that has kept it. */
export interface KeptEntry {
  readonly run: string;
  /** Whose run that was. */
  readonly owner: string | undefined;
  /** By which its row in the keyspace is known. */
  readonly id: string;
}

/** What lies below the prefix, and what of it runs have kept. */
export interface ObjectsOfRuns extends FoundObjects {
  /** Runs that have kept their results, in whichever region. */
  readonly kept: ReadonlySet<string>;
  /** Those of this region, by the keyspace that their results are in. */
  readonly keptIn: ReadonlyMap<string, readonly KeptEntry[]>;
  /** When something was last noted of a keyspace, whichever run has read it. */
  readonly readOf: ReadonlyMap<string, Sign>;
}

/** Looks through all that is below the prefix of runs. @throws StepError */
export async function findObjects(aws: AwsSession, { bucket, prefix }: BucketPlace): Promise<ObjectsOfRuns> {
  const found = await findOwnObjects(aws, { bucket, prefix: `${prefix}/` }, { madeOf: madeBySageMaker });
  const kept = new Set<string>();
  const keptIn = new Map<string, KeptEntry[]>();
  const readOf = new Map<string, Sign>();
  for (const version of found.own) {
    const { key, run, owner, at } = version;
    const noted = notedOfTable({ prefix: prefixOfKey(prefix, key), key });
    if (noted === undefined) continue;
    const { region, keyspace, runId: id } = noted;
    const isHere = region === aws.region;
    const last = readOf.get(keyspace)?.at;
    if (isHere && !(last instanceof Date && last > at))
      readOf.set(keyspace, { at, what: `clusters of ${keyspace} noted` });
    if (id === null || run === undefined || !isCurrent(version)) continue;
    kept.add(run);
    if (isHere) keptIn.set(keyspace, [...(keptIn.get(keyspace) ?? []), { run, owner, id }]);
  }
  return { ...found, kept, keptIn, readOf };
}

/** Whether it is what a reader of its key gets. */
const isCurrent = ({ isLatest, isMarker }: OwnVersion): boolean => isLatest && !isMarker;

/** Versions and uploads of one run in one folder. */
interface Folder {
  readonly name: string;
  readonly run: string | undefined;
  readonly owner: string | undefined;
  readonly elsewhere: string | undefined;
  readonly versions: OwnVersion[];
  readonly uploads: UnfinishedUpload[];
}

/**
 * The objects of runs, put together by folder and run: entries of the registry first, so that none points at results that are gone.
 * What a table came to in the last read is the table's, whichever run has read it, and stands by itself; versions before it are not.
 *
 * @param options.models what runs have made in SageMaker; null where that could not be seen
 * @param options.jobFiles why scripts and jars of Spark's jobs have to stay; undefined where nothing needs them
 * @param options.jobFilesStill the same, looked for anew just before they go
 * @param options.deleteRow takes the entry of a run, which is about to go here, out of its keyspace
 */
export function objectsAsLeftovers(
  aws: AwsSession,
  place: BucketPlace,
  { own, uploads, keptIn }: ObjectsOfRuns,
  {
    costs,
    models,
    jobFiles,
    jobFilesStill,
    deleteRow,
    now,
  }: {
    costs: Costs;
    models: readonly MadeThing[] | null;
    jobFiles: string | undefined;
    jobFilesStill: () => Promise<string | undefined>;
    deleteRow: (name: Pick<NotedOfTable, "keyspace" | "table">, runId: string) => Promise<void>;
    now: Date;
  },
): Leftover[] {
  const { bucket, prefix } = place;
  const needed = new Map(models === null ? unseenModels(own) : modelsNeeded(bucket, models));
  if (jobFiles !== undefined) needed.set(`${prefix}/jobs/`, jobFiles);
  const topOf = (key: string): string => key.slice(prefix.length + 1).split("/", 1)[0]!;
  const isNote = ({ key }: OwnVersion): boolean => isNoteOfUse(key.slice(`${prefix}/${topOf(key)}/`.length));
  const lastReadOf = (key: string): NotedOfTable | undefined => {
    const noted = notedOfTable({ prefix, key });
    return noted?.kind === "last read" ? noted : undefined;
  };
  const folders = new Map<string, Folder>();
  const folderOf = (thing: OwnVersion | UnfinishedUpload): Folder => {
    const { key, run, owner } = thing;
    const of = prefixOfKey(prefix, key);
    const ofRun = of === prefix ? `${prefix}/${topOf(key)}/` : `${of}/`;
    const isVersion = "version" in thing;
    const isAlone = isVersion && ((isCurrent(thing) && lastReadOf(key) !== undefined) || needed.has(key));
    const name = isAlone ? key : ofRun;
    const elsewhere = of === prefix ? undefined : ofPrefix(of);
    const id = JSON.stringify([name, of, run, owner]);
    const folder = folders.get(id) ?? { name, run, owner, elsewhere, versions: [], uploads: [] };
    folders.set(id, folder);
    return folder;
  };
  for (const version of own) folderOf(version).versions.push(version);
  const uses = new Map<string, Use[]>();
  const addUse = (top: string, use: Use) => uses.set(top, [...(uses.get(top) ?? []), use]);
  for (const { run, owner, id } of [...keptIn.values()].flat())
    addUse(id, { run, owner, what: `it is what ${run} has kept as well` });
  for (const version of own.filter((each) => isNote(each) && isCurrent(each))) {
    const { key, run, owner } = version;
    addUse(topOf(key), { run, owner, what: `run ${run ?? "of unknown name"} goes on with its model` });
  }
  const gone = new Set<OwnVersion>();
  for (const upload of uploads) folderOf(upload).uploads.push(upload);
  const isRegistry = ({ name }: Folder) => (name === `${prefix}/clusters/` ? 0 : 1);
  return [...folders.values()]
    .sort((a, b) => isRegistry(a) - isRegistry(b))
    .map(({ name, run, owner, elsewhere, versions, uploads: unfinished }) => ({
      run,
      owner,
      elsewhere,
      needed: needed.get(name),
      uses: versions.every(isNote) ? [] : (uses.get(topOf(name)) ?? []),
      lastReadOf: lastReadOf(name),
      sign: newest(
        [...versions, ...unfinished].map(({ at }) => ({ at, what: `s3://${bucket}/${name} written to` })),
        now,
      ),
      what: `${countText(versions, unfinished)} in s3://${bucket}/${name}`,
      ...costs.objects(versions.reduce((sum, { bytes }) => sum + bytes, 0)),
      remove: async () => {
        const got = name === `${prefix}/jobs/` ? await jobFilesStill() : undefined;
        if (got !== undefined) throw new StepError({ tried: `delete what is in s3://${bucket}/${name}`, got });
        for (const { key } of versions.filter(isCurrent)) {
          const noted = notedOfTable({ prefix, key });
          if (noted && noted.runId !== null && noted.region === aws.region) await deleteRow(noted, noted.runId);
        }
        for (const upload of unfinished) await abortUpload(aws, bucket, upload);
        const [keys, ofFolder] = [new Set(versions.map(({ key }) => key)), new Set(versions)];
        const there = own.filter((version) => keys.has(version.key) && !gone.has(version));
        const going = withMarkers(there, (version) => ofFolder.has(version));
        await deleteVersions(aws, bucket, going);
        for (const version of going) gone.add(version);
        return undefined;
      },
    }));
}

/** Keys of models, where nobody could see whether something needs them. */
const unseenModels = (own: readonly OwnVersion[]): ReadonlyMap<string, string> =>
  new Map(
    own.flatMap(({ key }) =>
      MODEL.test(key) ? [[key, "whether an endpoint needs it could not be seen"] as const] : [],
    ),
  );

/** Keys of models that something of somebody else's needs, and why they stay. */
function modelsNeeded(bucket: string, models: readonly MadeThing[]): ReadonlyMap<string, string> {
  const needed = new Map<string, string>();
  for (const { modelUri, neededBy } of models) {
    if (modelUri === undefined || neededBy === undefined) continue;
    const at = locationOf(modelUri);
    if (at.bucket === bucket) needed.set(at.key, `${neededBy} needs it`);
  }
  return needed;
}

/** "12 objects (15 versions), 1 unfinished upload" */
function countText(versions: readonly Pick<OwnVersion, "key" | "isMarker">[], uploads: readonly unknown[]): string {
  const real = versions.filter(({ isMarker }) => !isMarker);
  const keys = new Set(real.map(({ key }) => key)).size;
  const kept = versions.length > keys ? ` (${formatPlural(versions.length, "version")})` : "";
  return [
    ...(versions.length > 0 || uploads.length === 0 ? [`${formatPlural(keys, "object")}${kept}`] : []),
    ...(uploads.length > 0 ? [formatPlural(uploads.length, "unfinished upload")] : []),
  ].join(", ");
}
