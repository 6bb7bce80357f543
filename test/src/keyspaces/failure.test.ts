import { describe, expect, test } from "@jest/globals";
import { errors } from "cassandra-driver";
import { StepError } from "../../../src/errors.js";
import { codeOf, keyspacesFailure } from "../../../src/keyspaces/failure.js";

const inNoHost = (error: unknown) => new errors.NoHostAvailableError({ "10.0.0.1:9142": error });
const system = (code: string, message: string) => Object.assign(new Error(message), { code });

describe("a failure", () => {
  test.each<[string, unknown, string]>([
    [
      "of the signature",
      new errors.ResponseError(0x0100, "Authentication failure: Invalid signature"),
      "clock is wrong",
    ],
    ["of permissions", new errors.ResponseError(0x2100, "User arn:x has no permissions."), "cassandra:Select"],
    ["to reach", system("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1"), "Nothing listens there"],
    ["of the name", system("ENOTFOUND", "getaddrinfo ENOTFOUND cassandra.x"), "not known"],
    ["of the authority", system("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in chain"), "KEYSPACES_CA_FILE"],
    ["of the host's name", system("ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match"), "KEYSPACES_CA_FILE"],
    ["to connect in time", new Error("Connection timeout"), "9142"],
    ["of a port without TLS", system("EPROTO", "SSL routines:wrong version number"), "does not speak TLS"],
  ])("%s gets its hint, also from inside the driver's error", (_, cause, hint) => {
    for (const error of [cause, inNoHost(cause), inNoHost(inNoHost(cause))]) {
      const failure = keyspacesFailure("connect", error);
      expect(failure.message).toBe(`Could not connect: ${(cause as Error).message.replace(/\.$/, "")}.`);
      expect(failure.hint).toContain(hint);
    }
  });

  test("with the driver's own authentication error keeps the server's code", () => {
    const server = new errors.ResponseError(0x0100, "Invalid signature");
    const wrapped = Object.assign(new errors.AuthenticationError("Invalid signature"), { additionalInfo: server });
    expect(codeOf(inNoHost(wrapped))).toBe(0x0100);
  });

  test("that is already worded keeps its words", () => {
    const worded = new StepError({ tried: "sign", got: "no credentials", hint: "Sign in." });
    expect(keyspacesFailure("connect", worded)).toBe(worded);
    expect(keyspacesFailure("connect", inNoHost(worded))).toMatchObject({
      message: "Could not connect: Could not sign: no credentials.",
      hint: "Sign in.",
    });
  });
});
