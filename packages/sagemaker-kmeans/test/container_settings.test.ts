import { expect, test } from "@jest/globals";
import { tags, vpc } from "@keyspaces-segmentation/sagemaker-kmeans/dist/container_settings.js";

test.each([
  ["vpc.subnets", () => vpc("vpc", { securityGroupIds: ["sg-1"], subnets: [] }, undefined)],
  ["vpc.securityGroupIds", () => vpc("vpc", { securityGroupIds: Array(6).fill("sg-1"), subnets: ["s"] }, undefined)],
  ["vpc.securityGroupIds", () => vpc("vpc", { securityGroupIds: ["sg_1"], subnets: ["s"] }, undefined)],
  ["tags", () => tags("tags", Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ""])), undefined)],
  ["tags", () => tags("tags", { "aws:x": "y" }, undefined)],
  ["tags", () => tags("tags", { "": "y" }, undefined)],
  ["tags[a]", () => tags("tags", { a: "#" }, undefined)],
  ["tags[a]", () => tags("tags", { a: "x".repeat(257) }, undefined)],
])("refused: %s", (name, check) => {
  expect(check).toThrow(`Expected \`${name}\` to be `);
});

test("accepted: what SageMaker accepts", () => {
  vpc("vpc", { securityGroupIds: ["sg-1"], subnets: ["subnet-1", "subnet-2"] }, undefined);
  tags("tags", { Größe: "über alles", "a/b:c=d+e-f@g": "" }, undefined);
});
