import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AwsFront, startAwsFront } from "@keyspaces-segmentation/aws-local";
import { type Identity, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support/dist/aws/errors.js";
import type { StatusChange } from "@keyspaces-segmentation/sagemaker-kmeans/dist/follow_job.js";
import { trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_job.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";
import { trainingRequest as request } from "../../../test/support/sagemaker_requests.js";
import { sessionOf } from "../../../test/support/session.js";

const region = "us-east-1";
const current = temporaryIdentity();
const renewed = temporaryIdentity();
const expired = { ...temporaryIdentity(), expires: new Date(0) };

let moto: Moto;
let front: AwsFront;
/** What the stand-in is to answer to the next requests, one each; undefined: as it would. */
let failures: (AwsError | undefined)[] = [];
let asked: string[] = [];
beforeAll(async () => {
  moto = await borrowedMoto();
  front = await startAwsFront({
    region,
    identities: [current, renewed, expired],
    moto: { port: Number(new URL(moto.url).port) },
    trainingPace: 300,
    sageMaker: {
      fail: (operation) => {
        asked.push(operation);
        return operation === "DescribeTrainingJob" ? failures.shift() : undefined;
      },
    },
  });
  const { accessKeyId, secretAccessKey, sessionToken } = current;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  const s3 = new S3Client({ region, endpoint: front.url, credentials });
  await s3.send(new CreateBucketCommand({ Bucket: request.bucket }));
  s3.destroy();
});
afterAll(async () => {
  await front.close();
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: front.url }));

/** A session that signs as this identity, and after a renewal as that one. */
function sessionAs(first: Identity, afterwards: Identity) {
  let identity = first;
  return {
    become: (other: Identity) => {
      identity = other;
    },
    session: sessionOf({
      region,
      credentials: async (options) => {
        if (options?.forceRefresh) identity = afterwards;
        const { accessKeyId, secretAccessKey, sessionToken } = identity;
        // In a moment to be renewed: the SDK asks for these anew each time.
        const expiration = new Date(Date.now() + 1000);
        return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), expiration };
      },
    }),
  };
}

test("a job is followed through throttling and an expired token, at the stand-in's own door", async () => {
  asked = [];
  failures = [undefined, ...Array.from({ length: 7 }, () => new AwsError("ThrottlingException", "Rate exceeded"))];
  const { session, become } = sessionAs(current, renewed);
  const changes: StatusChange[] = [];
  const result = await trainKMeans(session, request, {
    onStatus: (change) => {
      changes.push(change);
      // The token runs out while the job is under way.
      if (change.secondaryStatus === "Starting") become(expired);
    },
  });
  expect(result.status).toBe("Completed");
  expect(changes.at(0)?.secondaryStatus).toBe("Starting");
  expect(changes.at(-1)?.secondaryStatus).toBe("Completed");
  expect(failures).toEqual([]);
  expect((await session.credentials()).accessKeyId).toBe(renewed.accessKeyId);
  expect(asked.filter((operation) => operation === "CreateTrainingJob")).toHaveLength(1);
});
