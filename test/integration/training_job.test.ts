import { CreateTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { beforeAll, describe, expect, test } from "@jest/globals";
import {
  type AwsSession,
  deleteOwnObjects,
  ensureBucket,
  findExecutionRole,
  listObjects,
  signIn,
  uploadBytes,
} from "@keyspaces-segmentation/aws-session";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { assignClusters } from "@keyspaces-segmentation/kmeans";
import { fetchModel, followTraining, trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans";
import { kMeansImage } from "@keyspaces-segmentation/sagemaker-kmeans/dist/algorithm.js";
import { sageMakerOf } from "@keyspaces-segmentation/sagemaker-kmeans/dist/clients.js";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/job_names.js";
import type { TrainingRequest } from "@keyspaces-segmentation/sagemaker-kmeans/dist/requests.js";
import { channelsOf, trainingJobInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { readSettings } from "../../src/settings.js";

const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });

/** Two far groups of 100 rows. */
const features: Matrix = {
  values: Float64Array.from({ length: 400 }, (_, i) => (i < 200 ? 0 : 1) + (i % 7) / 1000),
  rows: 200,
  columns: 2,
};

let aws: AwsSession;
let request: TrainingRequest;
beforeAll(async () => {
  aws = await signIn(settings);
  const { name: bucket } = await ensureBucket(aws, null);
  const { arn: role } = await findExecutionRole(aws, null);
  request = { features, k: 2, role, bucket, prefix: "training-test", instanceType: "ml.m5.large" };
});

describe("a training job", () => {
  test("finds two far groups, and its model can be fetched", async () => {
    const seen: string[] = [];
    const result = await trainKMeans(aws, request, { onStatus: ({ secondaryStatus }) => seen.push(secondaryStatus) });
    expect(result.status).toBe("Completed");
    expect(result.modelUri).toBe(`s3://${request.bucket}/training-test/${result.job}/output/model.tar.gz`);
    expect(result.image).toBe(kMeansImage(aws.region));
    expect(seen.at(0)).toBe("Starting");
    expect(seen.at(-1)).toBe("Completed");
    const centroids = await fetchModel(aws, result.modelUri);
    expect([centroids.rows, centroids.columns]).toEqual([2, 2]);
    const [low, , high] = [...centroids.values].sort((a, b) => a - b);
    expect(low).toBeCloseTo(0.003, 2);
    expect(high).toBeCloseTo(1.003, 2);
    const again = await trainKMeans(aws, request, { reuse: true });
    expect(again).toMatchObject({ job: result.job, reused: true, isOwn: true, modelUri: result.modelUri });
    // Its data and its model.
    const keys = await listObjects(aws, { bucket: request.bucket, prefix: "training-test/" });
    const madeOf = (key: string, own: ReadonlySet<string>) =>
      key.endsWith("/output/model.tar.gz") ? [...own][0] : undefined;
    const { deleted } = await deleteOwnObjects(aws, { bucket: request.bucket, prefix: "training-test/" }, { madeOf });
    expect(deleted).toBeGreaterThanOrEqual(2);
    expect(deleted).toBe(keys.length);
    const anew = await trainKMeans(aws, request, { reuse: true });
    expect(anew.reused).toBe(false);
    expect(anew.job).not.toBe(result.job);
  });

  test("takes everything that a production caller asks for, and measures its model on the test channel", async () => {
    const testFeatures: Matrix = { values: Float64Array.of(0, 0, 1, 1, 0.25, 0), rows: 3, columns: 2 };
    const kmsKey = "1234abcd-12ab-34cd-56ef-1234567890ab";
    const result = await trainKMeans(aws, {
      ...request,
      testFeatures,
      format: "recordio",
      instances: 2,
      hyperparameters: { epochs: 3, evalMetrics: ["msd", "ssd"], initMethod: "kmeans++", miniBatchSize: 50 },
      maxRuntimeSeconds: 600,
      spotMaxWaitSeconds: 1200,
      volumeKmsKey: kmsKey,
      networkIsolation: true,
      encryptTraffic: true,
      vpc: { securityGroupIds: ["sg-0123"], subnets: ["subnet-0123"] },
      tags: { team: "Marketing" },
    });
    const centroids = await fetchModel(aws, result.modelUri);
    const { inertia } = assignClusters(testFeatures, centroids);
    expect(result.metrics["test:msd"]).toBeCloseTo(inertia / 3, 4);
    expect(result.metrics["test:ssd"]).toBeCloseTo(inertia, 4);
    expect(result.billableSeconds).toBeLessThanOrEqual(result.trainingSeconds);
    const input = `training-test/${result.job}/input/`;
    expect(await listObjects(aws, { bucket: request.bucket, prefix: input })).toEqual([
      `${input}test/part-00000.pbr`,
      `${input}train/part-00000.pbr`,
      `${input}train/part-00001.pbr`,
    ]);
  });

  test("that fails says why in one line, to whoever follows it", async () => {
    const job = uniqueName("labelled", new Date());
    const channels = channelsOf(request, job);
    const input = trainingJobInput(request, { job, region: aws.region, channels });
    // Without label_size=0 the first of two columns is taken for a label.
    input.InputDataConfig![0]!.ContentType = "text/csv";
    const key = `${channels[0]!.prefix}part-00000.csv`;
    await uploadBytes(aws, { bucket: request.bucket, key }, "0,0.5\n1,0.25\n");
    await sageMakerOf(aws).send(new CreateTrainingJobCommand(input));
    await expect(followTraining(aws, job)).rejects.toThrow(
      /^Could not complete the training job labelled-.*: it failed: \w+Error: [^\n]+$/,
    );
  });

  test("is stopped when the wait is interrupted, if that is wanted", async () => {
    const controller = new AbortController();
    let job = "";
    const work = trainKMeans(aws, request, {
      signal: controller.signal,
      whenLeft: "stop",
      onStatus: (change) => {
        job = change.job;
        controller.abort();
      },
    });
    await expect(work).rejects.toMatchObject({
      hint: expect.stringMatching(/^It (is being stopped|has ended as Stopped)/),
    });
    await expect(followTraining(aws, job)).rejects.toThrow(
      `Could not complete the training job ${job}: it ended as Stopped`,
    );
  });

  test("that AWS would refuse is refused by its name", async () => {
    // Well-formed, but there is no such type of instance.
    await expect(trainKMeans(aws, { ...request, instanceType: "ml.m5.tiny" })).rejects.toMatchObject({
      message: expect.stringContaining("ValidationException"),
      hint: expect.stringContaining("instance type"),
    });
    await expect(followTraining(aws, "no-such-job")).rejects.toThrow(
      "Could not ask for the state of the training job no-such-job",
    );
  });
});
