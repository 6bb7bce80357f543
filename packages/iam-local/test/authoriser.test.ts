import { expect, test } from "@jest/globals";
import {
  type Caller,
  createAuthoriser,
  type Entity,
  refusalOf,
  requestValues,
} from "@keyspaces-segmentation/iam-local";
import { suppliedKeys } from "@keyspaces-segmentation/iam-local/dist/condition_keys.js";
import { actionNamed, conditionKeysOf } from "@keyspaces-segmentation/iam-local/dist/service_data.js";

const account = "111122223333";
const role = `arn:aws:iam::${account}:role/team/analyst`;
const table = `arn:aws:cassandra:eu-west-1:${account}:/keyspace/ks/table/t`;
const caller: Caller = { arn: `arn:aws:sts::${account}:assumed-role/analyst/monday`, account, permissions: "policies" };
const values = requestValues({});
const select = { action: "cassandra:Select", resource: table, values };
const entity = (statements: readonly object[], more: Partial<Entity> = {}): Entity => ({
  arn: role,
  policies: [{ name: "own", document: { Version: "2012-10-17", Statement: statements } }],
  ...more,
});
const allowed = { Effect: "Allow", Action: "cassandra:Select", Resource: table };
const authoriserAt = (now: () => Date) => createAuthoriser({ region: "eu-west-1", now });
const epoch = () => new Date(0);

test("the policies of a role hold for its sessions, and no longer than they are the role's", () => {
  const authoriser = authoriserAt(epoch);
  expect(authoriser.decide(caller, select).allowed).toBe(false);
  authoriser.setEntities([entity([allowed])]);
  expect(authoriser.decide(caller, select).allowed).toBe(true);
  const before = authoriser.version;
  authoriser.setEntities([entity([{ ...allowed, Resource: `${table}2` }])]);
  expect(authoriser.version).not.toBe(before);
  expect(authoriser.decide(caller, select).allowed).toBe(false);
});

test("what depends on the time is decided anew each time", () => {
  let time = Date.parse("2026-01-01T00:00:00Z");
  const authoriser = authoriserAt(() => new Date(time));
  const Condition = { DateLessThan: { "aws:CurrentTime": "2026-06-01T00:00:00Z" } };
  authoriser.setEntities([entity([{ ...allowed, Condition }])]);
  expect(authoriser.decide(caller, select).allowed).toBe(true);
  time = Date.parse("2026-07-01T00:00:00Z");
  expect(authoriser.decide(caller, select).allowed).toBe(false);
});

test("a session may be cut down to less than its role has", () => {
  const authoriser = authoriserAt(epoch);
  authoriser.setEntities([entity([{ ...allowed, Action: "cassandra:*" }])]);
  const sessionPolicies = [JSON.stringify({ Version: "2012-10-17", Statement: [allowed] })];
  const cut: Caller = { ...caller, sessionPolicies };
  expect(authoriser.decide(cut, select).allowed).toBe(true);
  expect(authoriser.decide(cut, { ...select, action: "cassandra:Modify" })).toMatchObject({ place: "session policy" });
  expect(authoriser.decide(caller, { ...select, action: "cassandra:Modify" }).allowed).toBe(true);
});

test("a malformed policy leaves those that were known in place", () => {
  const authoriser = authoriserAt(epoch);
  authoriser.setEntities([entity([allowed])]);
  expect(() => authoriser.setEntities([entity([{ ...allowed, Effect: "Perhaps" }])])).toThrow(
    "Syntax errors in policy",
  );
  expect(authoriser.decide(caller, select).allowed).toBe(true);
});

test("nobody can be kept from asking who they are", () => {
  const authoriser = authoriserAt(epoch);
  const who = { action: "sts:GetCallerIdentity", resource: "*", values };
  expect(authoriser.decide({ ...caller, permissions: "none" }, who).allowed).toBe(true);
});

test.each([
  ["implicit", select, "", `on resource: ${table} because no identity-based policy allows the cassandra:Select action`],
  [
    "of IAM",
    { action: "iam:GetRole", resource: role, values },
    "",
    "on resource: role analyst because no identity-based policy allows the iam:GetRole action",
  ],
  [
    "of PassRole",
    { action: "iam:PassRole", resource: role, values },
    "",
    `on resource: ${role} because no identity-based policy allows the iam:PassRole action`,
  ],
  ["explicit", select, "Deny", `on resource: ${table} with an explicit deny in an identity-based policy`],
])("a refusal that is %s has AWS's words", (_, request, effect, words) => {
  const authoriser = authoriserAt(epoch);
  if (effect) authoriser.setEntities([entity([{ ...allowed, Effect: effect }])]);
  const decision = authoriser.decide(caller, request);
  if (decision.allowed) throw new Error("allowed");
  expect(refusalOf(caller.arn, request, decision)).toBe(
    `User: ${caller.arn} is not authorized to perform: ${request.action} ${words}`,
  );
});

test("every key that requests carry is one that AWS has for some action", () => {
  const all = new Set(conditionKeysOf().map((key) => key.toLowerCase()));
  const other = suppliedKeys.filter((key) => !key.startsWith("aws:") && !all.has(key.toLowerCase()));
  expect(other).toEqual([]);
  expect(actionNamed("CASSANDRA:select")?.resources).toEqual({ table: true });
});
