import { describe, expect, test } from "@jest/globals";
import { partitionOf } from "@keyspaces-segmentation/aws-session";
import {
  contentTypeOf,
  hyperparametersOnWire,
  type KMeansHyperparameters,
  kMeansImage,
  steadyHyperparameters,
} from "@keyspaces-segmentation/sagemaker-kmeans/dist/algorithm.js";

test("every value goes as text, under SageMaker's name, and only those given go", () => {
  expect(hyperparametersOnWire(6, 3)).toEqual({ k: "6", feature_dim: "3" });
  const all: Required<KMeansHyperparameters> = {
    epochs: 2,
    evalMetrics: ["msd", "ssd"],
    extraCenterFactor: "auto",
    halfLifeTimeSize: 0,
    initMethod: "kmeans++",
    localLloydInitMethod: "random",
    localLloydMaxIter: 100,
    localLloydNumTrials: 5,
    localLloydTol: 0.0001,
    miniBatchSize: 500,
  };
  expect(hyperparametersOnWire(6, 3, all)).toEqual({
    k: "6",
    feature_dim: "3",
    epochs: "2",
    eval_metrics: '["msd","ssd"]',
    extra_center_factor: "auto",
    half_life_time_size: "0",
    init_method: "kmeans++",
    local_lloyd_init_method: "random",
    local_lloyd_max_iter: "100",
    local_lloyd_num_trials: "5",
    local_lloyd_tol: "0.0001",
    mini_batch_size: "500",
  });
});

test.each([
  [{ epochs: 0 }, "Expected `hyperparameters.epochs` to be an integer of 1 or more, got 0"],
  [{ epochs: "2" }, "Expected `hyperparameters.epochs` to be an integer"],
  [{ evalMetrics: "msd" }, 'Expected `hyperparameters.evalMetrics` to be a list of "msd" and "ssd"'],
  [{ evalMetrics: [] }, "Expected `hyperparameters.evalMetrics`"],
  [{ extraCenterFactor: "none" }, "Expected `hyperparameters.extraCenterFactor`"],
  [{ halfLifeTimeSize: -1 }, "Expected `hyperparameters.halfLifeTimeSize`"],
  [{ initMethod: "kmeans" }, 'Expected `hyperparameters.initMethod` to be "random" or "kmeans++", got "kmeans"'],
  [{ localLloydTol: 1.5 }, "Expected `hyperparameters.localLloydTol` to be a number from 0 to 1, got 1.5"],
  [{ localLloydTol: Number.NaN }, "Expected `hyperparameters.localLloydTol`"],
  [{ miniBatchSize: 2.5 }, "Expected `hyperparameters.miniBatchSize`"],
  [{ seed: 1 }, "Expected `hyperparameters` to be of epochs, evalMetrics, extraCenterFactor"],
  [{ toString: 1 }, "Expected `hyperparameters` to be of epochs"],
])("refuses %j", (given, message) => {
  expect(() => hyperparametersOnWire(6, 3, given as never)).toThrow(message);
});

test("steady settings want no more centers than the first batch of an instance has rows", () => {
  const factor = (...args: Parameters<typeof steadyHyperparameters>) =>
    steadyHyperparameters(...args).extraCenterFactor;
  expect([factor(100_000, 6), factor(240, 6), factor(239, 6), factor(58, 6), factor(7, 6)]).toEqual([40, 40, 39, 9, 1]);
  expect([factor(100_000, 400), factor(240, 6, 2), factor(3, 6)]).toEqual([12, 20, 1]);
  expect(hyperparametersOnWire(6, 3, steadyHyperparameters(5000, 6))).toMatchObject({
    extra_center_factor: "40",
    init_method: "kmeans++",
    epochs: "10",
    local_lloyd_num_trials: "100",
  });
  expect(() => steadyHyperparameters(0, 6)).toThrow("Expected `rows` to be an integer of 1 or more, got 0");
});

describe("the image", () => {
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
      expect(kMeansImage(region)).toContain(`.${region}.${partitionOf(region).suffix}/`);
    }
  });

  test.each(["mx-central-1", "", "toString"])("a region without the algorithm is refused: %p", (region) => {
    expect(() => kMeansImage(region)).toThrow("Expected `region` to be a region with SageMaker's K-Means algorithm");
  });
});

test("formats are named for SageMaker, and others are refused", () => {
  expect(contentTypeOf("recordio")).toBe("application/x-recordio-protobuf");
  expect(contentTypeOf()).toBe("text/csv;label_size=0");
  expect(() => contentTypeOf("parquet" as never)).toThrow(
    'Expected `format` to be one of csv, recordio, got "parquet"',
  );
});
