import { describe, expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import {
  ConnectionLost,
  codeOf,
  innermost,
  keyspacesFailure,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/failure.js";
import { errors } from "cassandra-driver";

const inNoHost = (error: unknown) => new errors.NoHostAvailableError({ "10.0.0.1:9142": error });
const system = (code: string, message: string) => Object.assign(new Error(message), { code });
const answer = (code: number, message: string, query?: string) =>
  Object.assign(new errors.ResponseError(code, message), query !== undefined && { query });

describe("a failure", () => {
  test.each<[string, unknown, string]>([
    ["of the signature", answer(0x0100, "Authentication failure: Invalid signature"), "clock is wrong"],
    ["of permissions", answer(0x2100, "User arn:x has no permissions."), "cassandra:Select on /keyspace/system*"],
    ["to reach", system("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1"), "Nothing listens there"],
    ["of the name", system("ENOTFOUND", "getaddrinfo ENOTFOUND cassandra.x"), "not known"],
    ["of the authority", system("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in chain"), "KEYSPACES_CA_FILE"],
    ["of the host's name", system("ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match"), "KEYSPACES_ENDPOINT"],
    ["of a certificate's time", system("CERT_HAS_EXPIRED", "certificate has expired"), "clock"],
    ["to connect in time", new Error("Connection timeout"), "9142"],
    ["to be answered in time", new errors.OperationTimedOutError("The host did not reply before timeout"), "9142"],
    ["of a port without TLS", system("EPROTO", "SSL routines:wrong version number"), "does not speak TLS"],
    ["after the end", new Error("Connecting after shutdown is not supported"), "Connect anew"],
    ["that throttling is", answer(0x1100, "Server timeout during write query"), "WriteThrottleEvents"],
  ])("%s gets its hint, also from inside the driver's error", (_, cause, hint) => {
    for (const error of [cause, inNoHost(cause), inNoHost(inNoHost(cause))]) {
      const failure = keyspacesFailure("connect", error);
      expect(failure.message).toBe(`Could not connect: ${(cause as Error).message.replace(/\.$/, "")}.`);
      expect(failure.hint).toContain(hint);
    }
  });

  test("with the driver's own authentication error keeps the server's code", () => {
    const server = answer(0x0100, "Invalid signature");
    const wrapped = Object.assign(new errors.AuthenticationError("Invalid signature"), { additionalInfo: server });
    expect(codeOf(inNoHost(wrapped))).toBe(0x0100);
  });

  test("of several hosts is that of the one that answered", () => {
    const refused = answer(0x2100, "User arn:x has no permissions.");
    const inner = { a: "Host considered as DOWN", b: system("ECONNREFUSED", "refused"), c: refused };
    expect(innermost(new errors.NoHostAvailableError(inner))).toBe(refused);
    expect(innermost(new errors.NoHostAvailableError({ a: null, b: inner.b }))).toBe(inner.b);
  });

  test("for want of a connection names to where and as whom", () => {
    const lost = new ConnectionLost("Amazon Keyspaces at h:9142 in r as arn:x", system("ECONNREFUSED", "refused"));
    expect(keyspacesFailure("read ks.t", lost)).toMatchObject({
      message: "Could not read ks.t: there is no connection left to Amazon Keyspaces at h:9142 in r as arn:x: refused.",
      hint: expect.stringContaining("Nothing listens there"),
    });
  });

  test("that is already worded keeps its words", () => {
    const worded = new StepError({ tried: "sign", got: "no credentials", hint: "Sign in." });
    expect(keyspacesFailure("connect", worded)).toBe(worded);
    expect(keyspacesFailure("connect", inNoHost(worded))).toMatchObject({
      message: "Could not connect: Could not sign: no credentials.",
      hint: "Sign in.",
    });
  });

  test.each([null, undefined, "thrown"])("that is %p is a failure too", (thrown) => {
    expect(keyspacesFailure("connect", thrown).message).toMatch(/^Could not connect: \w+\.$/);
  });
});

describe("a missing permission is named", () => {
  const denied = "User arn:x is not authorized";
  test.each<[string, Error, string]>([
    [
      "in the service's words",
      answer(0x2100, "User: arn:x is not authorized to perform: cassandra:Select on resource: /keyspace/ks/table/t"),
      "allow cassandra:Select on that resource",
    ],
    [
      "in Cassandra's words",
      answer(0x2100, "User x has no MODIFY permission on <table ks.t> or any of its parents"),
      "cassandra:Modify on /keyspace/ks/table/t.",
    ],
    ["by a SELECT", answer(0x2100, denied, "SELECT a FROM ks.t"), "cassandra:Select on /keyspace/ks/table/t."],
    ["by a SELECT of the system", answer(0x2100, denied, "SELECT * FROM system.local"), "Select on /keyspace/system*."],
    ["by an INSERT", answer(0x2100, denied, 'INSERT INTO "ks"."t" (a)'), "cassandra:Modify on /keyspace/ks/table/t."],
    [
      "by a CREATE TABLE",
      answer(0x2100, denied, 'CREATE TABLE IF NOT EXISTS "ks"."t" (a int)'),
      "cassandra:Create on /keyspace/ks/table/t.",
    ],
    [
      "by a CREATE KEYSPACE",
      answer(0x2100, denied, 'CREATE KEYSPACE IF NOT EXISTS "ks" WITH'),
      "cassandra:Create on /keyspace/ks/.",
    ],
    ["by a DROP", answer(0x2100, denied, 'DROP TABLE IF EXISTS "ks"."t"'), "cassandra:Drop on /keyspace/ks/table/t."],
    [
      "by a CREATE with tags",
      answer(0x2100, denied, `CREATE KEYSPACE IF NOT EXISTS "ks" WITH replication = {} AND TAGS = {'made-by': 'x'}`),
      "cassandra:Create on /keyspace/ks/. The tags given with it need cassandra:TagResource",
    ],
    ["by a batch, which the driver does not name", answer(0x2100, denied), "Create, Modify, Select and Drop"],
  ])("%s", (_, error, hint) => {
    expect(keyspacesFailure("do it", error).hint).toContain(hint);
  });
});
