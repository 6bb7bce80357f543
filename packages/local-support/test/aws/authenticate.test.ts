import { describe, expect, test } from "@jest/globals";
import type { Identity } from "@keyspaces-segmentation/local-support";
import {
  type AuthenticationOptions,
  authenticate,
  readClaim,
} from "@keyspaces-segmentation/local-support/dist/aws/authenticate.js";
import { sha256, type WireRequest } from "@keyspaces-segmentation/local-support/dist/aws/sigv4.js";

const identity: Identity = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  account: "123456789012",
  userId: "AIDAEXAMPLE",
  arn: "arn:aws:iam::123456789012:user/example",
  permissions: "all",
};
const at = (time: string): AuthenticationOptions => ({
  region: "us-east-1",
  identities: [identity],
  now: () => new Date(time),
});

interface Change {
  authorization?: [from: string, to: string];
  headers?: [name: string, value: string][];
}

/** "get-vanilla" of AWS's published test suite, with changes. */
function vanilla({ authorization: [from, to] = ["", ""], headers = [] }: Change = {}): WireRequest {
  const authorization =
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
    "SignedHeaders=host;x-amz-date, " +
    "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
  const all = new Map([
    ["Host", "example.amazonaws.com"],
    ["X-Amz-Date", "20150830T123600Z"],
    ["Authorization", authorization.replace(from, to)],
    ...headers,
  ]);
  return { method: "GET", target: "/", rawHeaders: [...all].flat() };
}

function whose(request: WireRequest, options = at("2015-08-30T12:36:00Z")): Identity {
  return authenticate(request, readClaim(request), sha256(""), options);
}

describe("a signed request", () => {
  test("is its signer's", () => expect(whose(vanilla())).toBe(identity));

  test.each(["2015-08-30T12:31:00Z", "2015-08-30T12:41:00Z"])("may be five minutes off: %s", (time) => {
    expect(whose(vanilla(), at(time))).toBe(identity);
  });

  test.each<[what: string, request: WireRequest, time: string, fault: string, message: string]>([
    [
      "older",
      vanilla(),
      "2015-08-30T12:41:01Z",
      "stale",
      "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)",
    ],
    [
      "from the future",
      vanilla(),
      "2015-08-30T12:30:59Z",
      "stale",
      "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)",
    ],
    [
      "that does not sign its host",
      vanilla({ authorization: ["host;", ""] }),
      "2015-08-30T12:36:00Z",
      "wrongSignature",
      "'Host' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      "with the date of another day",
      vanilla({ authorization: ["20150830", "20150829"] }),
      "2015-08-30T12:36:00Z",
      "wrongSignature",
      "Date in Credential scope does not match x-amz-date: '20150829'.",
    ],
    [
      "with a date that is none",
      vanilla({ headers: [["X-Amz-Date", "yesterday"]] }),
      "2015-08-30T12:36:00Z",
      "incomplete",
      "x-amz-date must be YYYYMMDD'T'HHMMSS'Z', got 'yesterday'.",
    ],
    [
      "with a header of AWS's that it does not sign",
      vanilla({ headers: [["X-Amz-Target", "SageMaker.StopTrainingJob"]] }),
      "2015-08-30T12:36:00Z",
      "notSigned",
      "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      "to S3, with a header of AWS's that it does not sign",
      vanilla({
        authorization: ["us-east-1/service", "us-east-1/s3"],
        headers: [["x-amz-meta-lines", "2"]],
      }),
      "2015-08-30T12:36:00Z",
      "notSigned",
      "There were headers present in the request which were not signed: x-amz-meta-lines",
    ],
    [
      "with a token that its key has not",
      vanilla({ headers: [["X-Amz-Security-Token", "x"]] }),
      "2015-08-30T12:36:00Z",
      "wrongToken",
      "The security token included in the request is invalid.",
    ],
  ])("%s is refused", (_what, request, time, fault, message) => {
    expect(() => whose(request, at(time))).toThrow(expect.objectContaining({ fault, message }));
  });

  test("is refused when a signed header, the method, the target or the body is another", () => {
    const refused = expect.objectContaining({ fault: "wrongSignature" });
    const request = vanilla();
    expect(() => whose(vanilla({ headers: [["Host", "example.org"]] }))).toThrow(refused);
    expect(() => whose({ ...request, method: "PUT" })).toThrow(refused);
    expect(() => whose({ ...request, target: "/?a" })).toThrow(refused);
    const claim = readClaim(request);
    expect(() => authenticate(request, claim, sha256("body"), at("2015-08-30T12:36:00Z"))).toThrow(refused);
  });
});
