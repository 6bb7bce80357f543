import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import { type AwsSession, listObjects, ownerOf, signIn, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { registryObject } from "@keyspaces-segmentation/cluster-store";
import { createKeyspace, createRetailTable, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { readSettings } from "../../src/settings.js";
import { withKeyspace } from "../support/keyspaces.js";

const it = withKeyspace();
const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
const [id, lockedId] = ["2010-12-09-net-min_max-k6-91c0e5a2f7", "2009-12-09-net-min_max-k6-0000000000"];
let locking: Server;
let aws: AwsSession;

/** S3, but that nobody may look at one entry, as where its key in KMS is somebody else's. */
beforeAll(async () => {
  aws = await signIn(settings);
  const s3 = new URL(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL!);
  locking = createServer((asked, answer) => {
    if (asked.method === "HEAD" && asked.url!.includes(lockedId)) return answer.writeHead(403).end();
    const on = { host: s3.hostname, port: s3.port, method: asked.method, path: asked.url, headers: asked.headers };
    return asked.pipe(request(on, (from) => from.pipe(answer.writeHead(from.statusCode!, from.headers))));
  }).listen(0, "127.0.0.1");
  await once(locking, "listening");
});
afterAll(() => {
  delete process.env.AWS_ENDPOINT_URL_S3;
  locking?.close();
});

test("step 9 removes what is the run's beside an entry that may not be looked at, and says that the keyspace stays for it", async () => {
  const where = { keyspace: `${it.keyspace}_locked`, table: "online_retail", bucket: "locked-entries", prefix: "team" };
  await new S3Client({ region: aws.region, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: where.bucket }),
  );
  const run = { ...aws, run: "2025-11-28-07-00-00-001" };
  const client = await connectToKeyspaces(run, settings);
  await createKeyspace(client, where.keyspace, { owner: ownerOf(run) });
  await createRetailTable(client, where);
  for (const each of [id, lockedId]) await uploadBytes(run, registryObject(run, where, each), "{}");
  await uploadBytes(run, { bucket: where.bucket, key: `team/${id}/results/customers.csv` }, "1,2,3");

  process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${(locking.address() as AddressInfo).port}`;
  const locked = { ...(await signIn(settings)), run: run.run };
  const made = { ...where, run: id, job: "job-1", dataFile: "/no/such/file.csv", cleanUp: true };
  const cleaned = await cleanUp(client, locked, made);
  delete process.env.AWS_ENDPOINT_URL_S3;
  await client.shutdown();

  const { key: lockedKey } = registryObject(run, where, lockedId);
  expect(cleaned.find(({ what }) => what === `keyspace ${where.keyspace}`)?.outcome).toBe(
    `stays, with its tables: whether somebody else has kept results in it could not be seen, as s3://${where.bucket}/${lockedKey} may not be looked at`,
  );
  expect((await listObjects(aws, { bucket: where.bucket, prefix: "team/" })).sort()).toEqual([lockedKey]);
  expect(await listKeyspaces(it.client)).toContain(where.keyspace);
  await it.client.execute(`DROP KEYSPACE ${where.keyspace}`, [], { prepare: false });
});
