import { expect, test } from "@jest/globals";
import { kMeansImage } from "@keyspaces-segmentation/sagemaker-kmeans/dist/image.js";

test.each([
  ["us-east-1", "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"],
  ["us-gov-west-1", "226302683700.dkr.ecr.us-gov-west-1.amazonaws.com/kmeans:1"],
  ["cn-north-1", "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1"],
  ["us-iso-east-1", "490574956308.dkr.ecr.us-iso-east-1.c2s.ic.gov/kmeans:1"],
  ["us-isob-east-1", "765400339828.dkr.ecr.us-isob-east-1.sc2s.sgov.gov/kmeans:1"],
  ["us-isof-south-1", "124985052026.dkr.ecr.us-isof-south-1.csp.hci.ic.gov/kmeans:1"],
])("%s", (region, image) => {
  expect(kMeansImage(region)).toBe(image);
});

test("every region that a refusal names has an image of the same form", () => {
  let refusal = "";
  try {
    kMeansImage("nowhere");
  } catch (error) {
    refusal = String(error);
  }
  const regions = /\(([^)]+)\)/.exec(refusal)?.[1]?.split(", ") ?? [];
  expect(regions).toHaveLength(37);
  for (const region of regions) {
    expect(kMeansImage(region)).toMatch(new RegExp(`^\\d{12}\\.dkr\\.ecr\\.${region}\\.[a-z0-9.]+/kmeans:1$`));
  }
});

test.each(["mx-central-1", "", "toString"])("a region without the algorithm is refused: %p", (region) => {
  expect(() => kMeansImage(region)).toThrow("Expected `region` to be a region with SageMaker's K-Means algorithm");
});
