import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateEndpointCommand, CreateEndpointConfigCommand, CreateModelCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/find_leftovers.js";
import { objectMetadata, tagsOf } from "@keyspaces-segmentation/aws-session/dist/tags.js";
import { kMeansImage } from "@keyspaces-segmentation/sagemaker-kmeans/dist/algorithm.js";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { sessionOf } from "../../../test/support/session.js";

// SageMaker is the account's: what runs on every prefix have made there is seen from each of them.

const bucket = "runs-of-all";
const role = "arn:aws:iam::123456789012:role/LocalDataScientist";
let aws: RunningAws;
withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));

const session = (run?: string) => {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = aws.identity;
  return sessionOf({ region, run, credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) });
};

/** A model, and an endpoint that serves it, as a process leaves them that is killed. */
async function host(run: string, prefix: string, Bucket = bucket): Promise<void> {
  const Key = `${prefix}/job-1/output/model.tar.gz`;
  await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: "a model" }));
  const name = `customer-segmentation-${run}`;
  const Tags = Object.entries(tagsOf(session(run))).map(([Key, Value]) => ({ Key, Value }));
  const PrimaryContainer = { Image: kMeansImage(region), ModelDataUrl: `s3://${Bucket}/${Key}` };
  await aws.sageMaker.send(new CreateModelCommand({ ModelName: name, ExecutionRoleArn: role, PrimaryContainer, Tags }));
  const variant = {
    VariantName: "AllTraffic",
    ModelName: name,
    ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 },
  };
  await aws.sageMaker.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [variant], Tags }),
  );
  await aws.sageMaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name, Tags }));
}

const kept = "2026-11-20-08-00-00-000";
const broken = "2026-11-20-09-00-00-000";
const inOtherBucket = "2026-11-20-10-00-00-000";
const below = "2026-11-20-11-00-00-000";
const entry = (prefix: string) =>
  `${prefix}/clusters/${region}/blog/online_retail/2010-12-09-net-min_max-k6-91c0e5a2f7.json`;

beforeAll(async () => {
  aws = await startAws();
  for (const Bucket of [bucket, "another-bucket"]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const Metadata = objectMetadata(session(kept));
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: entry("jo's"), Body: "{}", Metadata }));
  await host(kept, "jo's");
  await host(broken, "shop");
  await host(inOtherBucket, "shop", "another-bucket");
  await host(below, "shop/eu");
});
afterAll(() => aws?.stop());

/** What becomes of a run's three things; so long after that no run is taken for one under way. */
async function outcomesOf(run: string, choice: Parameters<typeof findLeftovers>[3]["choice"], prefix = "shop") {
  const now = new Date(Date.now() + 48 * 3_600_000);
  const { goes, stays } = await findLeftovers(
    null,
    session(),
    { bucket, prefix, policies: "infra/iam" },
    { choice, now },
  );
  const ofRun = (what: string) => what.endsWith(` customer-segmentation-${run}`);
  return [
    ...goes.filter(({ what }) => ofRun(what)).map(() => "goes"),
    ...stays.filter(({ what }) => ofRun(what)).map(({ outcome }) => outcome),
  ];
}
const three = (outcome: string) => [outcome, outcome, outcome];

test("what a run has made whose results may be kept on another prefix is not taken for broken off", async () => {
  const stays = "stays: whether its run was kept is not seen here: it is of the prefix";
  expect(await outcomesOf(kept, "broken off")).toEqual(
    three(`${stays} jo's: npm run cleanup -- --param bucket=${bucket} --param 'prefix=jo'\\''s'`),
  );
  expect(await outcomesOf(inOtherBucket, "broken off")).toEqual(
    three(`${stays} shop: npm run cleanup -- --param bucket=another-bucket --param prefix=shop`),
  );
});

test("on its own prefix, and further up, it is known whether it was kept", async () => {
  expect(await outcomesOf(kept, "broken off", "jo's")).toEqual(
    three(`stays: the run was kept; --run ${kept} or --all removes it`),
  );
  expect(await outcomesOf(broken, "broken off")).toEqual(three("goes"));
  expect(await outcomesOf(below, "broken off")).toEqual(three("goes"));
});

test("who names the run, or wants all of one's own, has it removed from any prefix", async () => {
  for (const choice of ["all", { runs: [kept] }] as const)
    expect(await outcomesOf(kept, choice)).toEqual(three("goes"));
});
