import { expect, test } from "@jest/globals";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/names.js";

const now = new Date("2026-03-04T05:06:07.089Z");

test("a name is unique to the millisecond and within SageMaker's limits", () => {
  expect(uniqueName("kmeans", now)).toBe("kmeans-2026-03-04-05-06-07-089");
  const long = uniqueName(`${"a".repeat(38)}-${"b".repeat(30)}`, now);
  expect(long).toBe(`${"a".repeat(38)}-2026-03-04-05-06-07-089`);
  expect(uniqueName("c".repeat(80), now)).toHaveLength(63);
});

test.each(["with_underscore", "-x", "x-", "", "a.b"])("a name cannot be made of %p", (base) => {
  expect(() => uniqueName(base, now)).toThrow("Expected `baseName` to be letters, digits and hyphens");
});
