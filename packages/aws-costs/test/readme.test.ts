import { expect, test } from "@jest/globals";
import { runReadmeExample } from "../../../test/support/readme_example.js";

test("the README's example does what it says", async () => {
  const { logged, stated } = await runReadmeExample("aws-costs");
  expect(logged).toEqual(stated);
  expect(stated).not.toEqual([]);
});
