import { expect, test } from "@jest/globals";
import { seededRandom } from "@keyspaces-segmentation/kmeans/dist/seeded_random.js";

const draw = (seed: number, count: number) => Array.from({ length: count }, seededRandom(seed));

test("the same seed repeats, another does not", () => {
  expect(draw(7, 100)).toEqual(draw(7, 100));
  expect(draw(7, 100)).not.toEqual(draw(8, 100));
});

test("numbers lie in [0, 1) and fill it evenly", () => {
  const numbers = draw(1, 100_000);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const tenths = new Array<number>(10).fill(0);
  for (const number of numbers) tenths[Math.floor(10 * number)]! += 1;
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});
