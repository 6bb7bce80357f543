import {
  type AwsSession,
  abortUpload,
  deleteVersions,
  type FoundObjects,
  findOwnObjects,
  isCurrent,
  madeBySageMaker,
  type OwnVersion,
  type UnfinishedUpload,
  withMarkers,
} from "@keyspaces-segmentation/aws-session";
import { type NotedOfTable, notedOfTable } from "@keyspaces-segmentation/cluster-store";
import { formatPlural, StepError } from "@keyspaces-segmentation/common";
import { isNoteOfUse } from "@keyspaces-segmentation/sagemaker-kmeans";
import { newest, type Sign } from "./activity.js";
import type { Costs } from "./costs.js";
import { type KeptIn, keptByKeyspace } from "./kept_in.js";
import { runInWords } from "./objects_of_run.js";
import { ofPrefix, prefixOfKey } from "./prefix_of_key.js";
import type { Claim, Leftover } from "./rows.js";
import { countText } from "./versions.js";

/** What jobs of SageMaker read and write. */
const OF_JOB = /\/(input|output)\//;

/** A bucket, and the prefix of all runs in it, without slashes at its ends. */
export interface BucketPlace {
  readonly bucket: string;
  readonly prefix: string;
}

/** What lies below the prefix, and what of it runs have kept. */
export interface ObjectsOfRuns extends FoundObjects {
  /** Runs that have kept their results, in whichever region. */
  readonly kept: ReadonlySet<string>;
  /** What was kept in the keyspaces of this region. */
  readonly keptIn: ReadonlyMap<string, KeptIn>;
  /** When something was last noted of a keyspace, whichever run has read it. */
  readonly readOf: ReadonlyMap<string, Sign>;
  /** Why not every object could be looked at; undefined where all could. */
  readonly unread: StepError | undefined;
  /** Keys of those that may not be. */
  readonly unreadKeys: readonly string[];
  /** Whether the bucket let itself be looked through at all. */
  readonly isListed: boolean;
  /** Whether what runs have kept is not known, or not all of it. */
  readonly isRegistryUnseen: boolean;
}

/** What there is where nothing could be looked at. */
export const UNSEEN_OBJECTS: ObjectsOfRuns = {
  own: [],
  uploads: [],
  unknownUploads: [],
  foreign: [],
  kept: new Set(),
  keptIn: new Map(),
  readOf: new Map(),
  unread: undefined,
  unreadKeys: [],
  isListed: false,
  isRegistryUnseen: true,
};

/** Looks through all that is below the prefix of runs. @throws StepError */
export async function findObjects(aws: AwsSession, { bucket, prefix }: BucketPlace): Promise<ObjectsOfRuns> {
  const noted = (key: string) => notedOfTable({ prefix: prefixOfKey(prefix, key), key });
  const unread = new Map<string, StepError>();
  const onUnread = (key: string, failure: StepError) => unread.set(key, failure);
  const at = { bucket, prefix: `${prefix}/` };
  const found = await findOwnObjects(aws, at, { madeOf: madeBySageMaker, onUnread });
  const kept = new Set<string>();
  const readOf = new Map<string, Sign>();
  for (const version of found.own) {
    const of = noted(version.key);
    if (of === undefined) continue;
    const { region, keyspace, runId } = of;
    const { run, at: written } = version;
    const last = readOf.get(keyspace)?.at;
    if (region === aws.region && !(last instanceof Date && last > written))
      readOf.set(keyspace, { at: written, what: `clusters of ${keyspace} noted` });
    if (runId !== null && run !== undefined && isCurrent(version)) kept.add(run);
  }
  const { own, uploads, unknownUploads, foreign } = found;
  const unreadKeys = [...unread.keys()];
  return {
    own,
    uploads,
    unknownUploads,
    foreign,
    kept,
    keptIn: keptByKeyspace({ own, unread: unreadKeys }, { region: aws.region, bucket, prefix }),
    readOf,
    unread: inOne([...unread.values()]),
    unreadKeys,
    isListed: true,
    isRegistryUnseen: unreadKeys.some((key) => noted(key) !== undefined),
  };
}

/** The first of several refusals of the same kind, with how many more there are. */
export function inOne([first, ...more]: readonly StepError[]): StepError | undefined {
  return first && more.length > 0 ? first.withHint(`So it is with ${formatPlural(more.length, "other")}.`) : first;
}

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
 * @param options.unseen what that may need them could not be looked at
 * @param options.jobFilesStill why scripts and jars of Spark's jobs have to stay, looked for just before they go; undefined where nothing needs them
 * @param options.deleteRow takes the entry of a run, which is about to go here, out of its keyspace
 */
export function objectsAsLeftovers(
  aws: AwsSession,
  place: BucketPlace,
  { own, uploads, keptIn, unreadKeys }: ObjectsOfRuns,
  {
    costs,
    unseen,
    jobFilesStill,
    deleteRow,
    now,
  }: {
    costs: Costs;
    unseen: { readonly isSageMaker: boolean; readonly isGlue: boolean };
    jobFilesStill: () => Promise<string | undefined>;
    deleteRow: (name: Pick<NotedOfTable, "keyspace" | "table">, runId: string) => Promise<void>;
    now: Date;
  },
): Leftover[] {
  const { bucket, prefix } = place;
  const topOf = (key: string): string => key.slice(prefix.length + 1).split("/", 1)[0]!;
  const isNote = ({ key }: Pick<OwnVersion, "key">): boolean =>
    isNoteOfUse(key.slice(`${prefix}/${topOf(key)}/`.length));
  const areNotes = (versions: readonly OwnVersion[]): boolean => versions.length > 0 && versions.every(isNote);
  // By the folder that they may keep: whoever may have kept it, or gone on with it, cannot be told.
  const unreadOf = new Map(
    unreadKeys.flatMap((key) => {
      const top = isNote({ key }) ? topOf(key) : notedOfTable({ prefix, key })?.runId;
      return top ? [[top, key] as const] : [];
    }),
  );
  const whyNeeded = ({ name, versions, uploads: unfinished }: Folder): string | undefined => {
    const unread = areNotes(versions) ? undefined : unreadOf.get(topOf(name));
    if (unread !== undefined)
      return `whether another run needs it could not be seen, as s3://${bucket}/${unread} may not be looked at`;
    if (name === `${prefix}/jobs/`)
      return unseen.isGlue ? "whether a run of Spark needs it could not be seen" : undefined;
    // What SageMaker has written, or goes on to write, is known as ours by the input beside it.
    const isOfJob = [...versions, ...unfinished].some(({ key }) => OF_JOB.test(key));
    return unseen.isSageMaker && isOfJob ? "whether a job or a model needs it could not be seen" : undefined;
  };
  /** The results that entries of this region point at. */
  const resultsOf = (versions: readonly OwnVersion[]): string[] =>
    versions.filter(isCurrent).flatMap(({ key }) => {
      const noted = notedOfTable({ prefix, key });
      return noted?.runId && noted.region === aws.region ? [`s3://${bucket}/${prefix}/${noted.runId}/`] : [];
    });
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
    const isAlone = isVersion && isCurrent(thing) && lastReadOf(key) !== undefined;
    const name = isAlone ? key : ofRun;
    const elsewhere = of === prefix ? undefined : ofPrefix(of, bucket);
    const id = JSON.stringify([name, of, run, owner]);
    const folder = folders.get(id) ?? { name, run, owner, elsewhere, versions: [], uploads: [] };
    folders.set(id, folder);
    return folder;
  };
  for (const version of own) folderOf(version).versions.push(version);
  const claims = new Map<string, Claim[]>();
  const addClaim = (top: string, claim: Claim) => claims.set(top, [...(claims.get(top) ?? []), claim]);
  const entries = [...keptIn.values()].flatMap((of) => of.entries).filter((entry) => entry.prefix === prefix);
  for (const { run, owner, id } of entries)
    addClaim(id, { run, owner, what: `it is what ${run ?? runInWords(run)} has kept as well` });
  for (const version of own.filter((each) => isNote(each) && isCurrent(each))) {
    const { key, run, owner } = version;
    addClaim(topOf(key), { run, owner, what: `${runInWords(run)} goes on with its model` });
  }
  const gone = new Set<OwnVersion>();
  for (const upload of uploads) folderOf(upload).uploads.push(upload);
  const isRegistry = ({ name }: Folder) => (name === `${prefix}/clusters/` ? 0 : 1);
  return [...folders.values()]
    .sort((a, b) => isRegistry(a) - isRegistry(b))
    .map((folder) => ({ ...folder, needed: whyNeeded(folder) }))
    .map(({ name, run, owner, elsewhere, needed, versions, uploads: unfinished }) => ({
      run,
      owner,
      elsewhere,
      needed,
      claims: areNotes(versions) ? [] : (claims.get(topOf(name)) ?? []),
      // A note is needed by nothing, though it lies beside a model.
      ...(areNotes(versions) ? {} : { id: `s3://${bucket}/${name}` }),
      uses: resultsOf(versions),
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
