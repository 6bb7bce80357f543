import { expect, test } from "@jest/globals";
import { runExample } from "../../../test/support/readme_example.js";

test("the README's example does what it says", async () => {
  const { logged, said } = await runExample("kmeans");
  expect(logged).toEqual(said);
  expect(said).not.toEqual([]);
});
