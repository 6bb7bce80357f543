import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { actionNamed, type PolicyKind, readPolicy } from "@keyspaces-segmentation/iam-local";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { policyNames, renderPolicy } from "../../local/policies.js";
import { listOf, parameters, statementsOf, tableOf } from "./infra.js";

const run = promisify(execFile);
const linters = join(ROOT, ".cache", "linters", "bin");
/** Those that say what somebody may do. */
const ofIdentities = policyNames().filter((name) => name.endsWith("_policy") && !/^(key|bucket)_policy$/.test(name));
const kindOf = (name: string): PolicyKind =>
  name.endsWith("_trust") ? "trust" : ofIdentities.includes(name) ? "identity" : "resource";

test("every policy is one that IAM would take, and a placeholder without a value is named", () => {
  expect(policyNames().length).toBeGreaterThan(9);
  for (const name of policyNames()) {
    const policy = readPolicy(renderPolicy(name, parameters), { kind: kindOf(name), name });
    expect(policy.statements.every(({ sid }) => sid !== undefined)).toBe(true);
  }
  const { Keyspace: _, ...others } = parameters;
  expect(() => renderPolicy("notebook_policy", others)).toThrow(
    "The policy notebook_policy needs a value for Keyspace",
  );
});

test("every action is written as AWS writes it, and no permission is given on everything where AWS accepts less", () => {
  const explained = tableOf("Sid").flatMap(([sids]) => sids!.split(", "));
  const onEverything: string[] = [];
  for (const name of ofIdentities) {
    for (const { Sid, Action, Resource } of statementsOf(name)) {
      const actions = listOf(Action);
      expect(actions.filter((action) => actionNamed(action) === undefined)).toEqual([]);
      expect(actions.join()).not.toContain("*");
      if (!listOf(Resource).includes("*")) continue;
      onEverything.push(Sid);
      const required = actions.filter((action) => Object.values(actionNamed(action)!.resources).includes(true));
      expect(required).toEqual([]);
    }
  }
  expect(explained).toEqual(expect.arrayContaining(onEverything));
  expect(onEverything.sort()).toEqual([
    "FindLeftovers",
    "FindTraining",
    "ListOfBuckets",
    "LookAtNetwork",
    "TrainingMetrics",
  ]);
});

test("the table of statements has a line for each of them", () => {
  const rows = tableOf("policy").flatMap(([policy, sids, , action]) =>
    sids!.split(", ").map((sid) => ({ policy: `${policy}_policy`, sid, action })),
  );
  const covered = [
    "notebook",
    "scoring",
    "clean_up",
    "doctor",
    "spark",
    "training",
    "features",
    "studio",
    "key_use",
    "network",
  ].map((name) => `${name}_policy`);
  const statements = covered.flatMap((policy) => statementsOf(policy).map(({ Sid }) => `${policy} ${Sid}`));
  expect(rows.map(({ policy, sid }) => `${policy} ${sid}`).sort()).toEqual(statements.sort());
  for (const { action } of rows) expect(actionNamed(action!)).toBeDefined();
});

test("roles and policies stay within IAM's sizes, whatever bucket and keyspace are called", () => {
  // The longest names that each may have, but keys of S3, which may have 1,024 characters.
  const longest = {
    ...parameters,
    "AWS::Partition": "aws-us-gov",
    "AWS::Region": "us-gov-west-1",
    Keyspace: "k".repeat(48),
    Table: "t".repeat(48),
    Bucket: "b".repeat(63),
    Prefix: "p".repeat(100),
    DataBucket: "d".repeat(63),
    DataKey: "k".repeat(200),
    TrainingRole: "r".repeat(64),
    FeaturesRole: "r".repeat(64),
    NotebookRole: "r".repeat(64),
  };
  const sizeOf = (name: string) => JSON.stringify(renderPolicy(name, longest)).length;
  // In the role itself, with the doctor's, which is added by hand.
  const inline = ["notebook_policy", "spark_policy", "studio_policy", "key_use_policy", "doctor_policy"];
  expect(inline.reduce((sum, name) => sum + sizeOf(name), 0)).toBeLessThan(10_240);
  for (const name of ofIdentities) expect(sizeOf(name)).toBeLessThan(6144);
});

test("the template is made of the policies", async () => {
  const { stdout } = await run(process.execPath, [join(ROOT, "infra", "make_template.mjs"), "--print"]);
  expect(readFileSync(join(ROOT, "infra", "template.yaml"), "utf8")).toBe(stdout);
});

const missing = existsSync(join(linters, "python"))
  ? undefined
  : "the linters are not installed: node setup.mjs --tests";

describe(missing ?? "linters", () => {
  const check = missing === undefined ? test : test.skip;

  check("CloudFormation's takes the template", async () => {
    await expect(run(join(linters, "cfn-lint"), [join(ROOT, "infra", "template.yaml")])).resolves.toMatchObject({
      stdout: "",
    });
  });

  check("the one of policies finds nothing in those of identities", async () => {
    const documents = ofIdentities.map((name) => [name, JSON.stringify(renderPolicy(name, parameters))]);
    const program = [
      "import json, sys, warnings",
      "warnings.simplefilter('ignore')",
      "from parliament import analyze_policy_string",
      "for name, text in json.load(sys.stdin):",
      "    for found in analyze_policy_string(text).findings:",
      "        print(name, found.issue, found.detail, found.location, sep='\\t')",
    ].join("\n");
    const child = run(join(linters, "python"), ["-c", program]);
    child.child.stdin?.end(JSON.stringify(documents));
    // Its data are older than the resource of this action.
    const isFalseAlarm = (line: string) =>
      /RESOURCE_MISMATCH.*'servicequotas:GetServiceQuota', 'required_format': '\*'/.test(line);
    const found = (await child).stdout.split("\n").filter((line) => line !== "" && !isFalseAlarm(line));
    expect(found).toEqual([]);
  });
});
