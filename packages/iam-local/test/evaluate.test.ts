import { describe, expect, test } from "@jest/globals";
import {
  type AccessRequest,
  type Decision,
  evaluate,
  type Holdings,
  type Principal,
  type ResourcePolicy,
  readPolicy,
  requestValues,
  resourceTagValues,
} from "@keyspaces-segmentation/iam-local";

// The cases are those of the IAM User Guide: "Policy evaluation logic", "Condition operators", "Set operators", "Policy variables".

const account = "111122223333";
const session: Principal = {
  arn: `arn:aws:sts::${account}:assumed-role/analyst/monday`,
  roleArn: `arn:aws:iam::${account}:role/team/analyst`,
  account,
};
const user: Principal = { arn: `arn:aws:iam::${account}:user/carlos`, account };

type Written = Readonly<Record<string, unknown>>;
const policyOf = (
  statements: readonly Written[],
  kind: "identity" | "resource" | "trust" = "identity",
  version = "2012-10-17",
) => readPolicy({ Version: version, Statement: statements }, { kind, name: kind });

const allow = (more: Written = {}): Written => ({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...more });
const deny = (more: Written = {}): Written => ({ ...allow(more), Effect: "Deny" });

const get = (values: Parameters<typeof requestValues>[0] = {}, resource = "arn:aws:s3:::shop/a"): AccessRequest => ({
  action: "s3:GetObject",
  resource,
  values: requestValues(values),
});

const holding = (...statements: Written[]): Holdings => ({ identity: [policyOf(statements)] });

/** `allowed`, `not: identity-based policy`, `denied: session policy` */
const wordOf = (decision: Decision): string =>
  decision.allowed ? "allowed" : `${decision.explicit ? "denied" : "not"}: ${decision.place}`;

const notByIdentity = "not: identity-based policy";

describe("actions and resources", () => {
  test.each<[string, Written, string, string, boolean]>([
    ["an action in other capitals", { Action: "S3:getobject" }, "s3:GetObject", "arn:aws:s3:::b/k", true],
    ["a star in an action", { Action: "s3:Get*" }, "s3:GetObject", "arn:aws:s3:::b/k", true],
    ["a question mark in an action", { Action: "s3:GetObjec?" }, "s3:GetObject", "arn:aws:s3:::b/k", true],
    ["a question mark that stands for one character only", { Action: "s3:GetObject?" }, "s3:GetObject", "*", false],
    ["another service's star", { Action: "iam:*" }, "s3:GetObject", "*", false],
    ["all actions", { Action: "*" }, "s3:GetObject", "arn:aws:s3:::b/k", true],
    ["all but another", { Action: undefined, NotAction: "iam:*" }, "s3:GetObject", "*", true],
    ["all but this", { Action: undefined, NotAction: ["iam:*", "s3:*"] }, "s3:GetObject", "*", false],
    ["a resource in other capitals", { Resource: "arn:aws:s3:::B/k" }, "s3:GetObject", "arn:aws:s3:::b/k", false],
    [
      "a star that reaches over slashes",
      { Resource: "arn:aws:s3:::b/*/z" },
      "s3:GetObject",
      "arn:aws:s3:::b/x/y/z",
      true,
    ],
    ["a star for nothing at all", { Resource: "arn:aws:s3:::b/*" }, "s3:GetObject", "arn:aws:s3:::b/", true],
    ["a dot that is a dot", { Resource: "arn:aws:s3:::b.c/k" }, "s3:GetObject", "arn:aws:s3:::bxc/k", false],
    ["a bucket for an object", { Resource: "arn:aws:s3:::b" }, "s3:GetObject", "arn:aws:s3:::b/k", false],
    ["an ARN for what has none", { Resource: "arn:aws:s3:::*" }, "s3:ListAllMyBuckets", "*", false],
    [
      "all resources but another",
      { Resource: undefined, NotResource: "arn:aws:s3:::c/*" },
      "s3:GetObject",
      "arn:aws:s3:::b/k",
      true,
    ],
    [
      "all resources but this",
      { Resource: undefined, NotResource: "arn:aws:s3:::b/*" },
      "s3:GetObject",
      "arn:aws:s3:::b/k",
      false,
    ],
  ])("%s", (_, written, action, resource, allowed) => {
    const decision = evaluate({ action, resource, values: requestValues({}) }, user, holding(allow(written)));
    expect(decision.allowed).toBe(allowed);
  });
});

describe("who has the last word", () => {
  const boundary = policyOf([allow({ Action: "ec2:*" })]);
  const shop = (principal: unknown, effect = "Allow", owner = account): ResourcePolicy => ({
    policy: policyOf(
      [{ ...allow({ Resource: "arn:aws:s3:::shop/*" }), Principal: principal, Effect: effect }],
      "resource",
    ),
    account: owner,
    hasToAllow: false,
  });
  const other = "444455556666";

  test.each<[string, Principal, Holdings, ResourcePolicy | undefined, string]>([
    ["nothing said", user, { identity: [] }, undefined, notByIdentity],
    ["an identity-based policy", user, holding(allow()), undefined, "allowed"],
    ["a denial beside an allowance", user, holding(allow(), deny()), undefined, "denied: identity-based policy"],
    [
      "a boundary that does not allow",
      session,
      { ...holding(allow()), boundary },
      undefined,
      "not: permissions boundary",
    ],
    ["a boundary alone", session, { identity: [], boundary: policyOf([allow()]) }, undefined, notByIdentity],
    [
      "a boundary that denies",
      session,
      { ...holding(allow()), boundary: policyOf([allow(), deny()]) },
      undefined,
      "denied: permissions boundary",
    ],
    [
      "a session policy that does not allow",
      session,
      { ...holding(allow()), session: [boundary] },
      undefined,
      "not: session policy",
    ],
    [
      "a session policy that allows",
      session,
      { ...holding(allow()), session: [policyOf([allow()])] },
      undefined,
      "allowed",
    ],
    ["a session policy alone", session, { identity: [], session: [policyOf([allow()])] }, undefined, notByIdentity],
    ["a bucket policy that names the user", user, { identity: [] }, shop({ AWS: user.arn }), "allowed"],
    [
      "the same, within a boundary that is silent",
      user,
      { identity: [], boundary },
      shop({ AWS: user.arn }),
      "allowed",
    ],
    [
      "one that names the session, within a session policy that is silent",
      session,
      { identity: [], session: [boundary] },
      shop({ AWS: session.arn }),
      "allowed",
    ],
    ["one that names the role", session, { identity: [] }, shop({ AWS: session.roleArn }), "allowed"],
    [
      "one that names the role, within a boundary that is silent",
      session,
      { identity: [], boundary },
      shop({ AWS: session.roleArn }),
      "not: permissions boundary",
    ],
    [
      "one that names the role, within a session policy that is silent",
      session,
      { identity: [], session: [boundary] },
      shop({ AWS: session.roleArn }),
      "not: session policy",
    ],
    [
      "one that names the account",
      user,
      { identity: [] },
      shop({ AWS: `arn:aws:iam::${account}:root` }),
      notByIdentity,
    ],
    ["one that names everyone", user, { identity: [] }, shop("*"), "allowed"],
    ["one that names a service", user, { identity: [] }, shop({ Service: "sagemaker.amazonaws.com" }), notByIdentity],
    ["one that denies everyone", user, holding(allow()), shop("*", "Deny"), "denied: resource-based policy"],
    [
      "another account's bucket that says nothing",
      user,
      holding(allow()),
      shop({ AWS: other }, "Allow", other),
      "not: resource-based policy",
    ],
    [
      "another account's bucket that allows",
      user,
      holding(allow()),
      shop({ AWS: user.arn }, "Allow", other),
      "allowed",
    ],
    ["another account's bucket alone", user, { identity: [] }, shop({ AWS: user.arn }, "Allow", other), notByIdentity],
  ])("%s", (_, principal, holdings, resource, word) => {
    expect(wordOf(evaluate(get(), principal, holdings, resource))).toBe(word);
  });

  test("a key's policy has to allow; where it names the account, the caller's own policies do", () => {
    const use = {
      action: "kms:Decrypt",
      resource: `arn:aws:kms:eu-west-1:${account}:key/k`,
      values: requestValues({}),
    };
    const keyFor = (principal: string): ResourcePolicy => ({
      policy: policyOf(
        [{ Effect: "Allow", Principal: { AWS: principal }, Action: "kms:*", Resource: "*" }],
        "resource",
      ),
      account,
      hasToAllow: true,
    });
    const own = holding(allow({ Action: "kms:Decrypt" }));
    const root = keyFor(`arn:aws:iam::${account}:root`);
    expect(wordOf(evaluate(use, user, own, keyFor(`arn:aws:iam::${account}:user/other`)))).toBe(
      "not: resource-based policy",
    );
    expect(wordOf(evaluate(use, user, own, root))).toBe("allowed");
    expect(wordOf(evaluate(use, user, { identity: [] }, root))).toBe(notByIdentity);
    expect(wordOf(evaluate(use, user, { identity: [] }, keyFor(user.arn)))).toBe("allowed");
  });

  test("a role's trust policy has to name who assumes it, a service too", () => {
    const assume = { action: "sts:AssumeRole", resource: session.roleArn!, values: requestValues({}) };
    const trust = (principal: Written): ResourcePolicy => ({
      policy: policyOf([{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }], "trust"),
      account,
      hasToAllow: true,
    });
    const service = { arn: "sagemaker.amazonaws.com", account: "", service: "sagemaker.amazonaws.com" };
    const may = holding(allow({ Action: "sts:AssumeRole" }));
    expect(wordOf(evaluate(assume, service, { identity: [] }, trust({ Service: service.service })))).toBe("allowed");
    expect(wordOf(evaluate(assume, service, { identity: [] }, trust({ Service: "glue.amazonaws.com" })))).toBe(
      "not: role trust policy",
    );
    expect(wordOf(evaluate(assume, user, may, trust({ Service: service.service })))).toBe("not: role trust policy");
    expect(wordOf(evaluate(assume, user, may, trust({ AWS: account })))).toBe("allowed");
    expect(wordOf(evaluate(assume, user, { identity: [] }, trust({ AWS: account })))).toBe(notByIdentity);
  });
});

describe("conditions", () => {
  type Given = Parameters<typeof requestValues>[0];
  const types = "sagemaker:InstanceTypes";
  test.each<[string, string, unknown, Given, boolean]>([
    ["StringEquals", "aws:userid", "a", { "aws:userid": "a" }, true],
    ["StringEquals", "AWS:UserID", "a", { "aws:userid": "a" }, true],
    ["StringEquals", "aws:userid", "A", { "aws:userid": "a" }, false],
    ["StringEquals", "aws:userid", ["b", "a"], { "aws:userid": "a" }, true],
    ["StringEquals", "aws:userid", "a*", { "aws:userid": "ab" }, false],
    ["StringEquals", "aws:userid", "a", {}, false],
    ["StringEqualsIfExists", "aws:userid", "a", {}, true],
    ["StringEqualsIfExists", "aws:userid", "a", { "aws:userid": "b" }, false],
    ["StringNotEquals", "aws:userid", "a", {}, true],
    ["StringNotEquals", "aws:userid", ["a", "b"], { "aws:userid": "b" }, false],
    ["StringNotEquals", "aws:userid", ["a", "b"], { "aws:userid": "c" }, true],
    ["StringEquals", "aws:ResourceTag/team", "a", resourceTagValues([["team", "a"]], "sagemaker"), true],
    ["StringEquals", "sagemaker:ResourceTag/team", "a", resourceTagValues([["team", "a"]], "sagemaker"), true],
    ["StringEquals", "aws:ResourceTag/team", "a", resourceTagValues([["team", "b"]], "sagemaker"), false],
    ["StringNotEquals", "aws:ResourceTag/team", "a", resourceTagValues([], "sagemaker"), true],
    ["Null", "aws:ResourceTag/team", "true", resourceTagValues([], "sagemaker"), true],
    // Where nobody knows the tags, what they are goes against the request.
    ["StringEquals", "aws:ResourceTag/team", "a", {}, false],
    ["StringNotEquals", "aws:ResourceTag/team", "a", {}, false],
    ["Null", "aws:ResourceTag/team", "true", {}, false],
    ["StringEqualsIgnoreCase", "aws:userid", "JOHN", { "aws:userid": "john" }, true],
    ["StringLike", "s3:prefix", ["", "home/*"], { "s3:prefix": "home/x" }, true],
    ["StringLike", "s3:prefix", ["", "home/*"], { "s3:prefix": "" }, true],
    ["StringNotLike", "s3:prefix", "home/*", { "s3:prefix": "home/x" }, false],
    ["NumericLessThanEquals", "s3:max-keys", "10", { "s3:max-keys": 10 }, true],
    ["NumericLessThanEquals", "s3:max-keys", 10, { "s3:max-keys": 11 }, false],
    ["NumericLessThanEquals", "s3:max-keys", 10, { "s3:max-keys": "many" }, false],
    ["NumericLessThan", "s3:max-keys", "10", { "s3:max-keys": "9" }, true],
    ["NumericNotEquals", "s3:max-keys", "10", { "s3:max-keys": "9" }, true],
    ["DateGreaterThan", "aws:CurrentTime", "2013-07-01T00:00:00Z", { "aws:CurrentTime": "2013-07-02T00:00:00Z" }, true],
    ["DateLessThan", "aws:CurrentTime", "2013-07-01T00:00:00Z", { "aws:CurrentTime": "2013-07-02T00:00:00Z" }, false],
    ["DateLessThan", "aws:EpochTime", "2013-07-01T00:00:00Z", { "aws:EpochTime": 1_300_000_000 }, true],
    ["Bool", "aws:SecureTransport", "false", { "aws:SecureTransport": true }, false],
    ["Bool", "aws:SecureTransport", true, { "aws:SecureTransport": true }, true],
    ["BoolIfExists", "aws:SecureTransport", "true", {}, true],
    ["IpAddress", "aws:SourceIp", "203.0.113.0/24", { "aws:SourceIp": "203.0.113.77" }, true],
    ["IpAddress", "aws:SourceIp", "203.0.113.0/24", { "aws:SourceIp": "203.0.114.1" }, false],
    ["IpAddress", "aws:SourceIp", "2001:db8::/32", { "aws:SourceIp": "2001:db8:1::1" }, true],
    ["NotIpAddress", "aws:SourceIp", "203.0.113.7", { "aws:SourceIp": "203.0.113.7" }, false],
    [
      "ArnLike",
      "aws:SourceArn",
      "arn:aws:sagemaker:*:1:training-job/*",
      { "aws:SourceArn": "arn:aws:sagemaker:eu-west-1:1:training-job/a" },
      true,
    ],
    [
      "ArnEquals",
      "aws:SourceArn",
      "arn:aws:sagemaker:*:1:training-job/*",
      { "aws:SourceArn": "arn:aws:sagemaker:eu-west-1:1:training-job/a" },
      true,
    ],
    ["ArnLike", "aws:SourceArn", "arn:aws:s3:::*", { "aws:SourceArn": "arn:aws:s3:eu-west-1:1:b" }, false],
    ["Null", types, "true", {}, true],
    ["Null", types, "false", {}, false],
    ["Null", types, "false", { [types]: ["ml.m5.large"] }, true],
    ["ForAllValues:StringEquals", types, ["ml.m5.large", "ml.c5.large"], { [types]: ["ml.m5.large"] }, true],
    ["ForAllValues:StringEquals", types, ["ml.m5.large"], { [types]: ["ml.m5.large", "ml.p3.2xlarge"] }, false],
    // The trap of the guide: true where there is nothing, which is why Null stands beside it.
    ["ForAllValues:StringEquals", types, ["ml.m5.large"], {}, true],
    ["ForAnyValue:StringEquals", types, ["ml.m5.large"], { [types]: ["ml.m5.large", "ml.p3.2xlarge"] }, true],
    ["ForAnyValue:StringEquals", types, ["ml.m5.large"], {}, false],
    ["ForAnyValue:StringLikeIfExists", types, ["ml.m5.*"], {}, false],
    ["ForAllValues:StringNotLike", types, ["ml.p3.*"], { [types]: ["ml.m5.large"] }, true],
    ["ForAllValues:StringNotLike", types, ["ml.p3.*"], { [types]: ["ml.m5.large", "ml.p3.x"] }, false],
    ["ForAnyValue:StringNotLike", types, ["ml.p3.*"], { [types]: ["ml.m5.large", "ml.p3.x"] }, true],
  ])("%s on %s of %j, given %j: %s", (operator, key, wanted, given, holds) => {
    const held = holding(allow({ Condition: { [operator]: { [key]: wanted } } }));
    expect(evaluate(get(given), user, held).allowed).toBe(holds);
  });

  test("all operators and all keys have to hold", () => {
    const held = holding(
      allow({
        Condition: { StringEquals: { "aws:userid": "a", "s3:prefix": "p" }, Bool: { "aws:SecureTransport": "true" } },
      }),
    );
    const all = { "aws:userid": "a", "s3:prefix": "p", "aws:SecureTransport": true };
    expect(evaluate(get(all), user, held).allowed).toBe(true);
    for (const key of Object.keys(all))
      expect(evaluate(get({ ...all, [key]: "other" }), user, held).allowed).toBe(false);
  });

  test("a key that is not emulated allows nothing and spares from nothing", () => {
    const Condition = { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } };
    expect(wordOf(evaluate(get(), user, holding(allow({ Condition }))))).toBe(notByIdentity);
    expect(wordOf(evaluate(get(), user, holding(allow(), deny({ Condition }))))).toBe("denied: identity-based policy");
    expect(
      wordOf(
        evaluate(
          get(),
          user,
          holding(allow(), deny({ Condition: { ...Condition, StringEquals: { "aws:userid": "x" } } })),
        ),
      ),
    ).toBe("allowed");
  });
});

/** A policy variable, as it is written. */
const variable = (name: string): string => `$${String.fromCharCode(123)}${name}}`;

describe("policy variables", () => {
  const home = allow({ Resource: `arn:aws:s3:::shop/home/${variable("aws:username")}/*` });
  const at = (name: string, values = {}) =>
    get({ "aws:username": name, ...values }, `arn:aws:s3:::shop/home/${name}/x`);

  test("stand for values of the request", () => {
    expect(evaluate(at("carlos"), user, holding(home)).allowed).toBe(true);
    expect(
      evaluate(get({ "aws:username": "ana" }, "arn:aws:s3:::shop/home/carlos/x"), user, holding(home)).allowed,
    ).toBe(false);
  });

  test("are taken literally, and match nothing where there is no value", () => {
    expect(evaluate(get({ "aws:username": "*" }, "arn:aws:s3:::shop/home/carlos/x"), user, holding(home)).allowed).toBe(
      false,
    );
    expect(evaluate(get({}, "arn:aws:s3:::shop/home//x"), user, holding(home)).allowed).toBe(false);
  });

  test("may have a default, and there are some for the characters that mean something", () => {
    const text = `arn:aws:s3:::shop/${variable("aws:PrincipalTag/team, 'none'")}/${["*", "?", "$"].map(variable).join("")}`;
    const resource = (team: string) => `arn:aws:s3:::shop/${team}/*?$`;
    expect(evaluate(get({}, resource("none")), user, holding(allow({ Resource: text }))).allowed).toBe(true);
    const given = { "aws:PrincipalTag/team": "red" };
    expect(evaluate(get(given, resource("red")), user, holding(allow({ Resource: text }))).allowed).toBe(true);
    expect(evaluate(get(given, "arn:aws:s3:::shop/red/xy$"), user, holding(allow({ Resource: text }))).allowed).toBe(
      false,
    );
  });

  test("are text in a policy of the old version", () => {
    const old = { identity: [policyOf([home], "identity", "2008-10-17")] };
    expect(evaluate(at("carlos"), user, old).allowed).toBe(false);
    expect(evaluate(get({}, `arn:aws:s3:::shop/home/${variable("aws:username")}/x`), user, old).allowed).toBe(true);
  });
});
