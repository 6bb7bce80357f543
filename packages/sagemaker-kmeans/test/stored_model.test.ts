import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeEach, expect, test } from "@jest/globals";
import { uploadBytes } from "@keyspaces-segmentation/aws-session";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { fetchModel, storeModel } from "@keyspaces-segmentation/sagemaker-kmeans/dist/model_artifact.js";
import { useMoto } from "../../../test/support/moto.js";
import { sessionOf } from "../../../test/support/session.js";

const bucket = "model-test";
useMoto();
const witness = () =>
  new S3Client({ region: "us-east-1", credentials: { accessKeyId: "AKIAWITNESS", secretAccessKey: "s" } });
beforeEach(async () => {
  await witness().send(new CreateBucketCommand({ Bucket: bucket }));
});

test("centroids that are stored can be fetched", async () => {
  const centroids = matrixOf([
    [0.5, 0.25],
    [1, -1],
  ]);
  const uri = await storeModel(sessionOf(), { bucket, key: "mine/model.tar.gz" }, centroids);
  expect(uri).toBe(`s3://${bucket}/mine/model.tar.gz`);
  expect(await fetchModel(sessionOf(), uri)).toEqual(centroids);
  const { ContentType } = await witness().send(new GetObjectCommand({ Bucket: bucket, Key: "mine/model.tar.gz" }));
  expect(ContentType).toBe("application/gzip");
});

test("an object that is too large for a model is not read", async () => {
  await uploadBytes(sessionOf(), { bucket, key: "x" }, Buffer.alloc((128 << 20) + 1));
  await expect(fetchModel(sessionOf(), `s3://${bucket}/x`)).rejects.toThrow(
    `Could not read s3://${bucket}/x: it has 134217729 bytes, more than 134217728.`,
  );
});
