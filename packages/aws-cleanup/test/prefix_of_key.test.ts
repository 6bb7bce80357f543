import { expect, test } from "@jest/globals";
import { prefixOfKey } from "@keyspaces-segmentation/aws-cleanup/dist/prefix_of_key.js";
import { lastReadObject, registryObject, runIdOf } from "@keyspaces-segmentation/cluster-store";
import { sessionOf } from "../../../test/support/session.js";

const view = {
  keyspace: "blog",
  table: "online_retail",
  preparation: "as_published",
  recencyCuts: null,
  frequencyCuts: null,
  monetaryCuts: null,
  scaling: "log_standard",
  k: 12,
};
const sources = { loads: [], analysisDate: "2011-12-09", customers: [], training: { arn: "arn", job: "job" } };
const run = runIdOf(view, sources);
const training = "customer-segmentation-k6-0a1b2c3d4e";
const registry = { keyspace: "blog_20261129", table: "online_retail", bucket: "b", prefix: "P" };
/** What each step of the walkthrough writes, behind its prefix and a slash. */
const written = [
  registryObject(sessionOf(), registry, run).key.slice(2),
  lastReadObject(sessionOf(), registry).key.slice(2),
  `${training}/input/train/part-00000.csv`,
  `${training}/input/train/part-00000.pbr`,
  `${training}/input/test/part-00000.csv`,
  `${training}/input/source.json`,
  `${training}/output/model.tar.gz`,
  `${run}/results/customers.csv`,
  `${run}/customer-segmentation-transform-1/input/part-00000.csv`,
  `${run}/customer-segmentation-transform-1/output/part-00000.csv.out`,
  "jobs/0123456789abcdef/keyspaces-spark.jar",
  "features/blog_20261129.online_retail/2026-11-30-08-00-00-000/train/part-00000.csv",
  `features/blog_20261129.online_retail/2026-11-30-08-00-00-000/assignments/${run}/manifest.json`,
];
// Folders that notebooks write into are prefixes too.
const prefixes = [
  "shop",
  "shop/eu",
  "shop/jobs",
  "shop/features",
  "shop/clusters",
  "shop/clusters/eu-west-1",
  "shop/x/y",
];
const more = ["shop/train/input", "shop/results", "shop/input", "shop/features/blog.online_retail", `shop/${training}`];

test.each([...prefixes, ...more])("what runs on the prefix %s write is known to be of it", (prefix) => {
  const found = written.map((key) => prefixOfKey("shop", `${prefix}/${key}`));
  expect(found).toEqual(written.map(() => prefix));
});

/** Folders that no notebook can have for a prefix: nobody could choose what is in them by it. */
const unusable = ["/t/results/x.csv", "a=b/t/output/x.csv", "my results of May/t/results/x.csv", "a//t/input/x.csv"];

test.each([
  "notes.txt",
  ...unusable,
  "jobs/sleep.py",
  "clusters/plan.json",
  "train-1/output/debug/a.json",
  "a/b/c/d/e/f",
])("what no run writes, as %s, is of the prefix that is looked through", (key) => {
  expect(prefixOfKey("shop", `shop/${key}`)).toBe("shop");
});
