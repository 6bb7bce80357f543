import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand, DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startAwsFront } from "@keyspaces-segmentation/aws-local/dist/front.js";
import {
  readTrainingChance,
  type TrainingChance,
} from "@keyspaces-segmentation/aws-local/dist/sagemaker/training_chance.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { readModelArtifact } from "@keyspaces-segmentation/sagemaker-kmeans/dist/model_artifact.js";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";
import { untilOver } from "../../../../test/support/job_end.js";
import { Bucket, trainingRequest } from "../../../../test/support/training_jobs.js";
import { webScaleOracle } from "../../../../test/support/web_scale.js";

let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws();
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const Body = webScaleOracle.qualities[1]!.rows.map((row) => row.join()).join("\n");
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: "good/rows.csv", Body }));
});
afterAll(() => aws?.stop());

/** The models of three trainings that only their names tell apart. */
async function models(trainingChance?: TrainingChance): Promise<string[]> {
  const options = { region, identities: [aws.identity], moto: aws.moto, trainingPace: 1 };
  const front = await startAwsFront({ ...options, sageMaker: { trainingChance } });
  const settings = aws.settings(aws.identity, { endpoint: front.url });
  const [sageMaker, s3] = [new SageMakerClient(settings), new S3Client(settings)];
  try {
    const trained: string[] = [];
    for (let i = 0; i < 3; i++) {
      const request = trainingRequest({ HyperParameters: { k: "5", feature_dim: "3" } });
      const { TrainingJobName } = request;
      await sageMaker.send(new CreateTrainingJobCommand(request));
      const { TrainingJobStatus } = await untilOver(
        TrainingJobName!,
        () => sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName })),
        (job) => job.TrainingJobStatus,
      );
      expect(TrainingJobStatus).toBe("Completed");
      const Key = `out/${TrainingJobName}/output/model.tar.gz`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      trained.push((await readModelArtifact(await Body!.transformToByteArray())).values.join());
    }
    return trained;
  } finally {
    sageMaker.destroy();
    s3.destroy();
    await front.close();
  }
}

test("the same training gives the same model, unless chance has a source of its own", async () => {
  expect(new Set(await models()).size).toBe(1);
  const chosen = await models(seededRandom(4));
  expect(new Set(chosen).size).toBe(3);
  expect(await models(seededRandom(4))).toEqual(chosen);
});

test("the environment says data or random", () => {
  expect([undefined, "data", "random"].map((word) => readTrainingChance(word))).toEqual(["data", "data", Math.random]);
  expect(() => readTrainingChance("yes")).toThrow('LOCAL_TRAINING_CHANCE: expected data or random, got "yes"');
});
