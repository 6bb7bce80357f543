import { expect, test } from "@jest/globals";
import { withStatement } from "@keyspaces-segmentation/aws-cleanup/dist/statements.js";
import { StepError } from "@keyspaces-segmentation/common";

const refused = (action: string) =>
  new StepError({ tried: "look", got: `User: x is not authorized to perform: ${action} on resource: y` });

// What a notebook's role needs is in its own policy, whichever else has the same action.
test.each([
  ["cassandra:Select", "statements KeyspacesConnect and KeyspacesRows of notebook_policy.json"],
  ["cassandra:Modify", "statement KeyspacesRows of notebook_policy.json"],
  ["s3:GetObject", "statements Objects and RetailData of notebook_policy.json"],
  ["s3:ListBucket", "statement Bucket of notebook_policy.json"],
  ["s3:PutObject", "statement Objects of notebook_policy.json"],
  ["sagemaker:DeleteEndpoint", "statement OtherLeftovers of clean_up_policy.json"],
  ["sagemaker:InvokeEndpoint", "statement UseEndpoint of scoring_policy.json"],
])("who may not use %s is told of the statements of people's policies that give it", (action, statements) => {
  const failure = withStatement(refused(action), "infra/iam");
  expect(failure.hint).toBe(`${action} is in the ${statements}.`);
});

test("where no folder of policies is, a refusal is told as it came", () => {
  const failure = refused("s3:GetObject");
  expect(withStatement(failure, "no/such/folder")).toBe(failure);
});
