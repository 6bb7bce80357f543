import { expect, test } from "@jest/globals";
import { madeBySageMaker } from "@keyspaces-segmentation/aws-session";

test.each([
  ["p/job/output/model.tar.gz", "p/job/input/train/part-0.csv"],
  ["p/run/t/output/part-00000.csv.out", "p/run/t/input/part-00000.csv"],
  ["p/run/t/output/part-00001.csv.out", undefined],
  ["p/job-2/output/model.tar.gz", undefined],
  ["p/job/output/other.tar.gz", undefined],
  ["p/job/output/deeper/model.tar.gz", undefined],
])("%s is made of %s", (key, input) => {
  const own = new Set(["p/job/input/train/part-0.csv", "p/run/t/input/part-00000.csv", "p/job-2/inputs/x"]);
  expect(madeBySageMaker(key, own)).toBe(input);
});
