import { expect, test } from "@jest/globals";
import { deleteOwnObjects, ensureBucket, listObjects, signIn } from "@keyspaces-segmentation/aws-session";
import { runReadmeExample } from "../support/readme_example.js";

test.each([
  ["aws-session", "notes/"],
  ["sagemaker-kmeans", "first-steps/"],
])("the example in the README of %s does what it says", async (part, prefix) => {
  const { logged, stated } = await runReadmeExample(part);
  expect(logged).toEqual(stated);
  expect(stated).not.toEqual([]);
  const aws = await signIn({ region: null });
  const { name: bucket } = await ensureBucket(aws, null);
  const keys = await listObjects(aws, { bucket, prefix });
  const { deleted } = await deleteOwnObjects(aws, { bucket, prefix }, { madeOf: (_, own) => [...own][0] });
  expect(deleted).toBe(keys.length);
  expect(keys).not.toEqual([]);
});
