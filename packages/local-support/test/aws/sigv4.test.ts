import { describe, expect, test } from "@jest/globals";
import {
  canonicalRequest,
  parseAuthorization,
  sha256,
  signatureOf,
  stringToSign,
  type WireRequest,
} from "@keyspaces-segmentation/local-support/dist/aws/sigv4.js";

function signature(request: WireRequest, authorization: string, secret: string, payloadHash: string): string {
  const claim = parseAuthorization(`AWS4-HMAC-SHA256 ${authorization}, Signature=${"0".repeat(64)}`);
  if (!claim) throw new Error(`not an authorization: ${authorization}`);
  const at = request.rawHeaders.findIndex((name) => name.toLowerCase() === "x-amz-date");
  const toSign = stringToSign(canonicalRequest(request, claim, payloadHash), request.rawHeaders[at + 1]!, claim);
  return signatureOf(toSign, secret, claim);
}

// AWS's published test suite ("aws-sig-v4-test-suite"), the cases a Node server can receive.
describe("AWS Signature Version 4 test suite", () => {
  const host = ["Host", "example.amazonaws.com"];
  const date = ["X-Amz-Date", "20150830T123600Z"];
  const token =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
  const vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

  test.each<
    [name: string, method: string, target: string, headers: string[], signed: string, body: string, expected: string]
  >([
    ["get-vanilla", "GET", "/", [...host, ...date], "host;x-amz-date", "", vanilla],
    [
      "post-vanilla",
      "POST",
      "/",
      [...host, ...date],
      "host;x-amz-date",
      "",
      "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ],
    [
      "get-vanilla-query-order-key-case",
      "GET",
      "/?Param2=value2&Param1=value1",
      [...host, ...date],
      "host;x-amz-date",
      "",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
    [
      "get-vanilla-query-order-value",
      "GET",
      "/?Param1=value2&Param1=value1",
      [...host, ...date],
      "host;x-amz-date",
      "",
      "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
    ],
    [
      "get-vanilla-utf8-query, encoded as it travels",
      "GET",
      "/?%E1%88%B4=bar",
      [...host, ...date],
      "host;x-amz-date",
      "",
      "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
    ],
    [
      "get-header-key-duplicate",
      "GET",
      "/",
      [...host, "My-Header1", "value2", "My-Header1", "value2", "My-Header1", "value1", ...date],
      "host;my-header1;x-amz-date",
      "",
      "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
    ],
    [
      "get-header-value-trim",
      "GET",
      "/",
      [...host, "My-Header1", " value1", "My-Header2", ' "a   b   c"', ...date],
      "host;my-header1;my-header2;x-amz-date",
      "",
      "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
    ],
    ["get-relative-relative", "GET", "/example1/example2/../..", [...host, ...date], "host;x-amz-date", "", vanilla],
    [
      "get-slashes",
      "GET",
      "//example//",
      [...host, ...date],
      "host;x-amz-date",
      "",
      "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
    ],
    [
      "post-x-www-form-urlencoded",
      "POST",
      "/",
      ["Content-Type", "application/x-www-form-urlencoded", ...host, ...date],
      "content-type;host;x-amz-date",
      "Param1=value1",
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ],
    [
      "post-sts-header-before",
      "POST",
      "/",
      [...host, ...date, "X-Amz-Security-Token", token],
      "host;x-amz-date;x-amz-security-token",
      "",
      "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
    ],
  ])("%s", (_name, method, target, rawHeaders, signed, body, expected) => {
    const credential = `Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signed}`;
    const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    expect(signature({ method, target, rawHeaders }, credential, secret, sha256(body))).toBe(expected);
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Examples: Signature Calculations"
describe("the examples of the S3 API reference", () => {
  const host = ["Host", "examplebucket.s3.amazonaws.com"];
  const date = ["x-amz-date", "20130524T000000Z"];

  test.each<
    [name: string, method: string, target: string, headers: string[], signed: string, body: string, expected: string]
  >([
    [
      "GET object, with a range",
      "GET",
      "/test.txt",
      ["Range", "bytes=0-9"],
      "host;range;x-amz-content-sha256;x-amz-date",
      "",
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "PUT object, with a character that is encoded in the path",
      "PUT",
      "/test%24file.text",
      ["Date", "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class", "REDUCED_REDUNDANCY"],
      "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      "Welcome to Amazon S3.",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "GET bucket lifecycle, a query without a value",
      "GET",
      "/?lifecycle",
      [],
      "host;x-amz-content-sha256;x-amz-date",
      "",
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ],
    [
      "GET bucket, a query with values",
      "GET",
      "/?max-keys=2&prefix=J",
      [],
      "host;x-amz-content-sha256;x-amz-date",
      "",
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
  ])("%s", (_name, method, target, headers, signed, body, expected) => {
    const credential = `Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signed}`;
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const rawHeaders = [...host, ...headers, "x-amz-content-sha256", sha256(body), ...date];
    expect(signature({ method, target, rawHeaders }, credential, secret, sha256(body))).toBe(expected);
  });
});

describe("an Authorization header", () => {
  const complete =
    "AWS4-HMAC-SHA256 Credential=AK/20150830/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-date," +
    `Signature=${"0".repeat(64)}`;

  test("is read with and without blanks after the commas", () => {
    const claim = parseAuthorization(complete);
    expect(claim).toEqual({
      accessKeyId: "AK",
      date: "20150830",
      region: "us-east-1",
      service: "s3",
      signedHeaders: ["host", "x-amz-date"],
      signature: "0".repeat(64),
    });
    expect(parseAuthorization(complete.replaceAll(",", ", "))).toEqual(claim);
  });

  test.each([
    ["of another kind", "Basic QWxhZGRpbg=="],
    ["of another algorithm", complete.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")],
    ["without the credential", complete.replace("Credential", "Credentials")],
    ["with a scope that is too short", complete.replace("/us-east-1", "")],
    ["without the signed headers", complete.replace("SignedHeaders", "Headers")],
    ["with a signature that is too short", complete.slice(0, -1)],
    ["that is empty", ""],
  ])("%s is not a complete one", (_what, header) => expect(parseAuthorization(header)).toBeUndefined());
});
