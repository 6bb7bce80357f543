import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import { type Cleaned, cleanAccount, cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import { findLeftovers, type Leftovers } from "@keyspaces-segmentation/aws-cleanup/dist/find_leftovers.js";
import { type AwsSession, listObjects, ownerOf, signIn, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { registryObject } from "@keyspaces-segmentation/cluster-store";
import { registerRun } from "@keyspaces-segmentation/cluster-store/dist/registry.js";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { createKeyspace, createRetailTable, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { connectToKeyspaces, type KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { noteOfUse } from "@keyspaces-segmentation/sagemaker-kmeans";
import { readSettings } from "../../src/settings.js";
import { type TestKeyspace, withKeyspace } from "./keyspaces.js";
import { registeredClusters } from "./registered_clusters.js";

const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
/** Two ids under which results are kept. */
export const [id, otherId] = ["2010-12-09-net-min_max-k6-91c0e5a2f7", "2011-12-09-net-min_max-k6-91c0e5a2f7"] as const;
/** Folder with the policies. */
export const policies = "infra/iam";
/** Stands for all tables of results. */
export const RESULTS = "results";
/** Long after, so that what is not kept has broken off. */
const later = new Date(Date.now() + 48 * 3_600_000);

export type Choice = Parameters<typeof findLeftovers>[3]["choice"];

/** What people in one account do, and what it comes to; a keyspace and a bucket of its own for each test. */
export interface People {
  readonly it: TestKeyspace;
  readonly aws: AwsSession;
  readonly s3: S3Client;
  /** Names of two runs. */
  readonly first: string;
  readonly second: string;
  /** Of the test at hand. */
  readonly where: { keyspace: string; table: string; bucket: string; prefix: string };
  as(who: string, run?: string): AwsSession;
  /** Makes the keyspace, or a table in it, over a connection of theirs. */
  make(session: AwsSession, ...tables: string[]): Promise<void>;
  /** Makes a table as a run before owners were noted has left it. */
  makeOld(table: string, run: string): Promise<void>;
  put(session: AwsSession, key: string): Promise<string>;
  putModel(job: string): Promise<unknown>;
  /** Keeps results: the entry of the registry and its row. */
  register(session: AwsSession, runId: string, more?: { table?: string; prefix?: string }): Promise<string>;
  /** An entry of the registry, without its row. */
  keepHere(session: AwsSession): Promise<string>;
  keys(): Promise<string[]>;
  find(session: AwsSession, choice: Choice, now?: Date): Promise<Leftovers>;
  /** Why something stays; undefined where it goes. */
  whyStays(session: AwsSession, choice: Choice, what: string, now?: Date): Promise<string | undefined>;
  /** The rows of `npm run cleanup`, by what they are of. */
  clean(session: AwsSession, values: { all?: boolean; run?: string[] }): Promise<Map<string, string>>;
  /** The same over a connection that is given, and closed afterwards. */
  cleanOver(
    client: KeyspacesClient,
    session: AwsSession,
    values: { all?: boolean; run?: string[] },
  ): Promise<Map<string, string>>;
  /** What the command prints. */
  cleanText(session: AwsSession, values: { run: string[] }): Promise<string>;
  /** Takes what was registered out of the keyspace and the bucket behind everybody's back. */
  forget(runId: string): Promise<void>;
  /** The name of the note that a run goes on with a model. */
  noteOf(session: AwsSession): string;
  stepNine(session: AwsSession, more?: StepNine): Promise<Cleaned[]>;
  tablesThere(): Promise<string[]>;
  isThere(): Promise<boolean>;
  registeredIds(): Promise<unknown[]>;
  /** A connection over which no such statement goes through. */
  refusing(wanted: RegExp): KeyspacesClient;
}

interface StepNine {
  table?: string;
  run?: string;
  isEarlierTraining?: boolean;
  cleanUp?: boolean;
}

/**
 * @param bucket what its buckets are called, but for a number
 * @param month when the runs were, "2025-11": of each test file another one, as all of an account is looked through
 */
export function withPeople(bucket: string, month: string): People {
  const it = withKeyspace();
  const aws = {} as AwsSession;
  const s3 = new S3Client({ forcePathStyle: true });
  const where = { keyspace: "", table: "online_retail", bucket: "", prefix: "team" };
  let count = 0;
  beforeAll(async () => {
    Object.assign(aws, await signIn(settings));
  });
  beforeEach(async () => {
    count++;
    Object.assign(where, { keyspace: `${it.keyspace}_${count}`, bucket: `${bucket}-${count}` });
    await s3.send(new CreateBucketCommand({ Bucket: where.bucket }));
  });
  const byHand = (statement: string) => it.client.execute(statement, [], { prepare: false });
  afterEach(() => byHand(`DROP KEYSPACE IF EXISTS ${where.keyspace}`));
  const find: People["find"] = (session, choice, now = later) =>
    findLeftovers(it.client, session, { bucket: where.bucket, prefix: where.prefix, policies }, { choice, now });
  const account = (connect: () => Promise<KeyspacesClient>, session: AwsSession, values: Record<string, unknown>) => {
    const of = { bucket: where.bucket, prefix: where.prefix, policies };
    return cleanAccount(connect, session, of, values, { now: () => later });
  };
  const rowsOf = ({ found }: Awaited<ReturnType<typeof account>>) =>
    new Map(found.rows.map(({ what, outcome }) => [what, outcome]));
  const isThere = async () => (await listKeyspaces(it.client)).includes(where.keyspace);
  return {
    it,
    aws,
    s3,
    where,
    first: `${month}-28-07-00-00-001`,
    second: `${month}-29-07-00-00-002`,
    as: (who, run) => ({ ...aws, arn: `arn:aws:sts::123456789012:assumed-role/${bucket}/${who}`, run }),
    make: async (session, ...tables) => {
      const client = await connectToKeyspaces(session, settings);
      if (!(await isThere())) await createKeyspace(client, where.keyspace, { owner: ownerOf(session) });
      for (const table of tables) {
        if (table === RESULTS) await createResultTables(client, where);
        else await createRetailTable(client, { keyspace: where.keyspace, table });
      }
      await client.shutdown();
    },
    makeOld: async (table, run) => {
      const tags = `{'made-by': 'keyspaces-segmentation', 'keyspaces-segmentation:run': '${run}'}`;
      await byHand(`CREATE TABLE ${where.keyspace}.${table} (k text PRIMARY KEY) WITH TAGS = ${tags}`);
    },
    put: (session, key) => uploadBytes(session, { bucket: where.bucket, key: `${where.prefix}/${key}` }, "1,2,3"),
    putModel: (job) => {
      const Key = `${where.prefix}/${job}/output/model.tar.gz`;
      return s3.send(new PutObjectCommand({ Bucket: where.bucket, Key, Body: "model" }));
    },
    register: (session, runId, { table = where.table, prefix = where.prefix } = {}) => {
      const made = { loads: ["1".repeat(64)], preparation: "net", now: new Date() } as const;
      const { keyspace, bucket: ofTest } = where;
      const at = { keyspace, table, bucket: ofTest, prefix };
      return registerRun(it.client, session, at, registeredClusters(runId), made);
    },
    keepHere: (session) => uploadBytes(session, registryObject(session, where, id), "{}"),
    keys: () => listObjects(aws, { bucket: where.bucket, prefix: `${where.prefix}/` }),
    find,
    whyStays: async (session, choice, what, now) => {
      const { goes, stays } = await find(session, choice, now);
      // Rows of tables name their keyspace as well, and other tests have tables of the same names.
      const isOf = (each: { what: string }) =>
        what.startsWith("keyspace")
          ? each.what.startsWith(what)
          : each.what.includes(what) && [where.keyspace, where.bucket].some((own) => each.what.includes(own));
      const row = stays.find(isOf);
      if (row === undefined) expect(goes.filter(isOf)).not.toEqual([]);
      return row?.outcome;
    },
    clean: async (session, values) =>
      rowsOf(await account(() => connectToKeyspaces(session, settings), session, values)),
    cleanOver: async (client, session, values) => {
      client.shutdown = async () => undefined;
      return rowsOf(await account(async () => client, session, values));
    },
    cleanText: async (session, values) =>
      (await account(() => connectToKeyspaces(session, settings), session, values)).text,
    forget: async (runId) => {
      await byHand(
        `DELETE FROM ${where.keyspace}.known_clusters WHERE data_table = '${where.table}' AND run_id = '${runId}'`,
      );
      await s3.send(new DeleteObjectCommand({ Bucket: where.bucket, Key: registryObject(aws, where, runId).key }));
    },
    noteOf: noteOfUse,
    stepNine: (session, { table = where.table, run = id, isEarlierTraining = false, cleanUp: isWanted = true } = {}) =>
      cleanUp(it.client, session, {
        keyspace: where.keyspace,
        table,
        bucket: where.bucket,
        prefix: where.prefix,
        run,
        job: "job-1",
        isEarlierTraining,
        dataFile: "/no/such/file.csv",
        cleanUp: isWanted,
      }),
    tablesThere: async () => {
      const query = "SELECT table_name FROM system_schema_mcs.tables WHERE keyspace_name = ?";
      const { rows } = await it.client.execute(query, [where.keyspace]);
      return rows.map((row) => String(row.table_name)).sort();
    },
    isThere,
    registeredIds: async () => {
      const { rows } = await it.client.execute(`SELECT run_id FROM ${where.keyspace}.known_clusters`);
      return rows.map((row) => row.run_id);
    },
    refusing: (wanted) => {
      const client = Object.create(it.client) as KeyspacesClient;
      client.execute = ((query: string, ...rest: []) =>
        wanted.test(query) ? Promise.reject(new Error("not allowed")) : it.client.execute(query, ...rest)) as never;
      return client;
    },
  };
}

/** Does something while S3 answers some requests with 403, as where a key in KMS is somebody else's. */
export async function whileS3Refuses<T>(
  isRefused: (asked: { method: string; url: string }) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  const before = process.env.AWS_ENDPOINT_URL_S3;
  const s3 = new URL(before ?? process.env.AWS_ENDPOINT_URL!);
  const locking = createServer((asked, answer) => {
    if (isRefused({ method: asked.method ?? "", url: asked.url ?? "" })) {
      answer.writeHead(403, { "content-type": "application/xml" });
      return answer.end(asked.method === "HEAD" ? undefined : "<Error><Code>AccessDenied</Code></Error>");
    }
    const on = { host: s3.hostname, port: s3.port, method: asked.method, path: asked.url, headers: asked.headers };
    return asked.pipe(request(on, (from) => from.pipe(answer.writeHead(from.statusCode!, from.headers))));
  }).listen(0, "127.0.0.1");
  await once(locking, "listening");
  process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${(locking.address() as AddressInfo).port}`;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.AWS_ENDPOINT_URL_S3;
    else process.env.AWS_ENDPOINT_URL_S3 = before;
    locking.closeAllConnections();
    locking.close();
  }
}
