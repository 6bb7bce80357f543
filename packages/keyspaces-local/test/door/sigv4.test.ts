import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import {
  canonicalRequest,
  credentialScope,
  parseAnswer,
  type SignedAnswer,
  signatureOf,
  signingKey,
  stringToSign,
  verifyAnswer,
} from "@keyspaces-segmentation/keyspaces-local/dist/door/sigv4.js";

// The vector that AWS publishes with its driver plugins.
const region = "us-west-2";
const nonce = "91703fdc2ef562e19fbdab0f58e42fe5";
const timestamp = "2020-06-09T22:41:51.000Z";
const signature = "7f3691c18a81b8ce7457699effbfae5b09b4e0714ab38c1292dbdf082c9ddd87";
const answer: SignedAnswer = { signature, accessKeyId: "UserID-1", timestamp };
const holder = { accessKeyId: "UserID-1", secretAccessKey: "UserSecretKey-1" };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the steps of signing, by the published vector", () => {
  test("scope", () => {
    expect(credentialScope(timestamp, region)).toBe("20200609/us-west-2/cassandra/aws4_request");
  });

  test("canonical request", () => {
    const canonical = canonicalRequest(nonce, answer, region);
    expect(canonical.split("\n").at(-1)).toBe("ddf250111597b3f35e51e649f59e3f8b30ff5b247166d709dc1b1e60bd927070");
    expect(sha256(canonical)).toBe("bf5cc15759befc37fc35689dcdd7938a9ad042b6326f537c4c5eecaa2ebf911e");
  });

  test("string to sign", () => {
    expect(stringToSign(canonicalRequest(nonce, answer, region), timestamp, region)).toBe(
      [
        "AWS4-HMAC-SHA256",
        timestamp,
        "20200609/us-west-2/cassandra/aws4_request",
        "bf5cc15759befc37fc35689dcdd7938a9ad042b6326f537c4c5eecaa2ebf911e",
      ].join("\n"),
    );
  });

  test("signing key", () => {
    expect(signingKey("UserSecretKey-1", timestamp, region).toString("hex")).toBe(
      "7fb139473f153aec1b05747b0cd5cd77a1186d22ae895a3a0128e699d72e1aba",
    );
  });

  test("signature", () => {
    const toSign = stringToSign(canonicalRequest(nonce, answer, region), timestamp, region);
    expect(signatureOf(signingKey("UserSecretKey-1", timestamp, region), toSign)).toBe(signature);
  });
});

describe("parseAnswer", () => {
  test("reads the answer, a token's own equals signs included", () => {
    expect(parseAnswer(`signature=ab,access_key=K,amzdate=${timestamp},session_token=dG9r/+ZW4==`)).toEqual({
      signature: "ab",
      accessKeyId: "K",
      timestamp,
      sessionToken: "dG9r/+ZW4==",
    });
  });

  test.each(["", "signature=ab", "signature=ab,access_key=K", "=,=,=", "nonsense"])("is undefined for %p", (text) => {
    expect(parseAnswer(text)).toBeUndefined();
  });
});

describe("verifyAnswer", () => {
  const now = new Date(timestamp);
  const challenge = { nonce, region, now };
  const withToken = { ...holder, sessionToken: "sess-token-1" };
  const at = (shiftMs: number) => ({ ...challenge, now: new Date(now.getTime() + shiftMs) });

  test("knows the holder of a right signature", () => {
    expect(verifyAnswer(answer, [holder], challenge)).toBe(holder);
    expect(verifyAnswer({ ...answer, sessionToken: "sess-token-1" }, [withToken], challenge)).toBe(withToken);
  });

  test("accepts 15 minutes of skew and not a millisecond more", () => {
    expect(verifyAnswer(answer, [holder], at(900_000))).toBe(holder);
    expect(verifyAnswer(answer, [holder], at(-900_000))).toBe(holder);
    expect(verifyAnswer(answer, [holder], at(900_001))).toBeUndefined();
    expect(verifyAnswer(answer, [holder], at(-900_001))).toBeUndefined();
  });

  test("accepts credentials up to the moment of their end, and from it on no more", () => {
    const ending = { ...holder, expires: new Date(now.getTime() + 1000) };
    expect(verifyAnswer(answer, [ending], at(999))).toBe(ending);
    expect(verifyAnswer(answer, [ending], at(1000))).toBeUndefined();
  });

  test.each<[string, () => unknown]>([
    ["another secret", () => verifyAnswer(answer, [{ ...holder, secretAccessKey: "UserSecretKey-2" }], challenge)],
    ["another region", () => verifyAnswer(answer, [holder], { ...challenge, region: "us-east-1" })],
    ["another nonce", () => verifyAnswer(answer, [holder], { ...challenge, nonce: nonce.replace("9", "8") })],
    ["an unknown key", () => verifyAnswer({ ...answer, accessKeyId: "UserID-2" }, [holder], challenge)],
    ["a missing session token", () => verifyAnswer(answer, [withToken], challenge)],
    ["a wrong session token", () => verifyAnswer({ ...answer, sessionToken: "other" }, [withToken], challenge)],
    ["a session token where none belongs", () => verifyAnswer({ ...answer, sessionToken: "x" }, [holder], challenge)],
    [
      "an upper-case signature",
      () => verifyAnswer({ ...answer, signature: signature.toUpperCase() }, [holder], challenge),
    ],
    ["a cut signature", () => verifyAnswer({ ...answer, signature: signature.slice(1) }, [holder], challenge)],
    [
      "a date without milliseconds",
      () => verifyAnswer({ ...answer, timestamp: "2020-06-09T22:41:51Z" }, [holder], challenge),
    ],
    ["no date at all", () => verifyAnswer({ ...answer, timestamp: "2020-99-99T99:99:99.000Z" }, [holder], challenge)],
    ["no answer", () => verifyAnswer(undefined, [holder], challenge)],
  ])("knows nobody for %s", (_, verify) => {
    expect(verify()).toBeUndefined();
  });
});
