import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { listOf, statementsOf } from "./infra.js";

/** What talks to AWS for whoever runs the notebook: everything but the stand-in. */
const standIn = ["aws-local", "iam-local", "keyspaces-local", "local-support"];
const folders = [
  "src",
  ...readdirSync(join(ROOT, "packages"))
    .filter((name) => !standIn.includes(name))
    .map((name) => join("packages", name, "src")),
];
const sources = folders.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(ROOT, folder, name))
    .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, "utf8") })),
);

/** What the policies allow whoever runs the notebook, everything that is optional included. */
const allowed = new Map(
  ["notebook_policy", "scoring_policy", "clean_up_policy", "spark_policy", "studio_policy"].flatMap((policy) =>
    statementsOf(policy).flatMap(({ Sid, Action }) => listOf(Action).map((action) => [action, Sid] as const)),
  ),
);

/** Services by the name of their client. */
const prefixes: Readonly<Record<string, string>> = { "sagemaker-runtime": "sagemaker" };
/** Operations of S3 that are allowed under another name: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const renamed: Readonly<Record<string, string>> = {
  "s3:HeadBucket": "s3:ListBucket",
  "s3:ListBuckets": "s3:ListAllMyBuckets",
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
  "s3:HeadObject": "s3:GetObject",
  "s3:DeleteObjects": "s3:DeleteObject",
};
/** What nobody can be kept from. */
const free = ["sts:GetCallerIdentity"];
/** What only those need who set a parameter for it, or ask beforehand; a policy of their own has it, or nothing fails without. */
const onDemand = ["sts:AssumeRole", "iam:SimulatePrincipalPolicy"];
/** What is asked of whoever calls these, beside the action of that name. */
const also: Readonly<Record<string, readonly string[]>> = {
  "sagemaker:CreateTrainingJob": ["iam:PassRole", "sagemaker:AddTags"],
  "sagemaker:CreateModel": ["iam:PassRole", "sagemaker:AddTags"],
  // Versions are listed to be looked at and deleted.
  "s3:ListBucketVersions": ["s3:GetObjectVersion", "s3:DeleteObjectVersion"],
  "glue:CreateJob": ["iam:PassRole", "glue:TagResource"],
  "glue:UpdateJob": ["iam:PassRole"],
};

/** The actions that a text asks for by commands of the SDK. */
function commandsIn(text: string): string[] {
  const clients = new Map<string, string>();
  for (const [, names = "", client = ""] of text.matchAll(/import \{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g)) {
    for (const [name] of names.matchAll(/\w+/g)) clients.set(name, prefixes[client] ?? client);
  }
  // What @aws-sdk/lib-storage sends for a file in parts.
  const inParts = /\bnew Upload\(/.test(text) ? ["s3:PutObject", "s3:AbortMultipartUpload"] : [];
  const calls = [...text.matchAll(/new (\w+)Command\(/g), ...text.matchAll(/\bpaginate(\w+)\(/g)];
  const asked = calls.flatMap(([call, operation = ""]) => {
    const client = clients.get(call.startsWith("new") ? `${operation}Command` : `paginate${operation}`);
    if (client === undefined) throw new Error(`${call} is of no client`);
    const action = renamed[`${client}:${operation}`] ?? `${client}:${operation}`;
    return [action, ...(also[action] ?? [])];
  });
  return [...asked, ...inParts];
}

const verbs: Readonly<Record<string, string>> = {
  SELECT: "Select",
  INSERT: "Modify",
  UPDATE: "Modify",
  DELETE: "Modify",
  TRUNCATE: "Modify",
  CREATE: "Create",
  ALTER: "Alter",
  DROP: "Drop",
  RESTORE: "Restore",
};

/** The actions that a text asks for by CQL: what in quotes begins like a statement, or goes on with TAGS. */
function statementsIn(text: string): string[] {
  const pattern = /[`"](SELECT|INSERT INTO|UPDATE|DELETE|TRUNCATE|CREATE|ALTER|DROP|RESTORE) (?=[\w$"'*{(])/g;
  const actions = [...text.matchAll(pattern)].map(([, words = ""]) => `cassandra:${verbs[words.split(" ")[0]!]}`);
  return /\b(ADD|AND) TAGS\b/.test(text) ? [...actions, "cassandra:TagResource"] : actions;
}

const needed = new Map<string, string>();
for (const { path, text } of sources) {
  for (const action of [...commandsIn(text), ...statementsIn(text)]) needed.set(action, path);
}

test.each([
  ['import { PutObjectCommand } from "@aws-sdk/client-s3";\nnew PutObjectCommand({})', ["s3:PutObject"]],
  ['import { paginateListObjectsV2 } from "@aws-sdk/client-s3";\npaginateListObjectsV2()', ["s3:ListBucket"]],
  ["new Upload({})", ["s3:PutObject", "s3:AbortMultipartUpload"]],
  ["`DROP TABLE IF EXISTS x`", ["cassandra:Drop"]],
  ["`ALTER TABLE t ADD TAGS {}`", ["cassandra:Alter", "cassandra:TagResource"]],
])("%s would be seen", (text, actions) => {
  expect([...commandsIn(text), ...statementsIn(text)]).toEqual(actions);
});

test("every call to AWS is one that the policies allow", () => {
  expect(needed.size).toBeGreaterThan(30);
  const missing = [...needed].filter(([action]) => ![...allowed.keys(), ...free, ...onDemand].includes(action));
  expect(missing.map(([action, path]) => `${path} needs ${action}`)).toEqual([]);
});

test("the policies allow nothing that no call needs", () => {
  const unneeded = [...allowed].filter(([action]) => !needed.has(action));
  expect(unneeded.map(([action, sid]) => `${sid}: ${action}`)).toEqual([]);
});
