import { describe, expect, test } from "@jest/globals";
import { awsFailure, credentialsExpired, passesByItself } from "@keyspaces-segmentation/aws-session/dist/failure.js";
import { StepError } from "@keyspaces-segmentation/common";

/** An error as the SDK throws it: AWS's name for the reason, its message, the HTTP status. */
function answer(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

describe("a failed call", () => {
  test.each([
    ["InvalidClientTokenId", "The access key is not known there"],
    ["SignatureDoesNotMatch", "The secret access key does not belong"],
    ["ExpiredToken", "The credentials have expired"],
    ["ExpiredTokenException", "The credentials have expired"],
    ["AccessDeniedException", "lacks this permission"],
    ["ResourceLimitExceeded", "Service Quotas"],
    ["ThrottlingException", "fewer requests"],
  ])("%s gets its hint", (name, hint) => {
    const failure = awsFailure("do it", answer(name, "As AWS words it."));
    expect(failure.message).toBe(`Could not do it: ${name}: As AWS words it.`);
    expect(failure.hint).toContain(hint);
    expect(failure.cause).toBeInstanceOf(Error);
  });

  test("a nameless answer without a body is told by its status", () => {
    const failure = awsFailure("use the bucket b", answer("UnknownError", "UnknownError", 403), {
      "403": "Not yours.",
    });
    expect(failure.message).toContain("403");
    expect(failure.hint).toBe("Not yours.");
  });

  test("a refused connection to several addresses is told by the first", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED ::1:1"), { code: "ECONNREFUSED" });
    expect(awsFailure("do it", new AggregateError([refused, refused])).message).toBe(
      "Could not do it: connect ECONNREFUSED ::1:1.",
    );
  });

  test("a step's own failure stays what it is", () => {
    const failure = new StepError({ tried: "a", got: "b" });
    expect(awsFailure("c", failure)).toBe(failure);
  });
});

test.each([
  ["throttling", answer("ThrottlingException", "Rate exceeded"), true],
  ["throttling under another name", answer("Whatever", "Slow down", 429), true],
  ["trouble of the service", answer("InternalFailure", "x", 500), true],
  ["an operation of Glue that took too long", answer("OperationTimeoutException", "The operation timed out."), true],
  ["a broken connection", Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }), true],
  ["a page of a proxy in between", new SyntaxError("Unexpected token <"), true],
  ["a refused request", answer("ValidationException", "x"), false],
  ["a lacking permission", answer("AccessDeniedException", "x"), false],
  ["expired credentials", answer("ExpiredTokenException", "x"), false],
  ["a mistake of our own", new TypeError("x is not a function"), false],
])("%s passes by itself: %s", (_, error, passes) => {
  expect(passesByItself(error)).toBe(passes);
});

test.each([
  [answer("ExpiredTokenException", "x"), true],
  [answer("ExpiredToken", "x"), true],
  [Object.assign(new Error("x"), { name: "CredentialsProviderError" }), true],
  [answer("AccessDeniedException", "x"), false],
])("credentials have expired: %p, %s", (error, expired) => expect(credentialsExpired(error)).toBe(expired));
