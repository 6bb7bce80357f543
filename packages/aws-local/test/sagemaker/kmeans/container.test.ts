import { expect, test } from "@jest/globals";
import { runContainer } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/container.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";

test("a million rows are trained on while this thread goes on", async () => {
  const random = seededRandom(3);
  const around = (centre: number) => (centre + random()).toFixed(4);
  const line = (i: number) => `${around(i % 4)},${around(9 * (i % 2))},${around(0)}\n`;
  // Drawn once and repeated: what the rows are does not matter here.
  const bytes = Buffer.from(
    Array.from({ length: 10_000 }, (_, i) => line(i))
      .join("")
      .repeat(100),
  );
  const train = { contentType: "text/csv;label_size=0", files: [{ name: "a", bytes }] };
  let turns = 0;
  const turning = setInterval(() => turns++, 10);
  const hyperparameters = { k: "4", feature_dim: "3", local_lloyd_num_trials: "20" };
  const output = await runContainer({ hyperparameters, seed: 1, train }, new AbortController().signal);
  clearInterval(turning);
  expect(output).toMatchObject({ rows: 1_000_000, firstBatch: 5000, centres: 40 });
  expect(turns).toBeGreaterThan(5);
  const { values } = output.centroids;
  const firsts = [0, 3, 6, 9].map((at) => values[at]!).sort((a, b) => a - b);
  firsts.forEach((value, i) => {
    expect(value).toBeCloseTo(i + 0.5, 1);
  });
});
