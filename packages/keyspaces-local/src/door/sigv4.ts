import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * The server's half of the SigV4 SASL exchange, written from the published steps and test vectors of AWS's driver
 * plugins and sharing nothing with a signer: a verifier built from the signer would agree with its mistakes.
 */

export interface SignedAnswer {
  readonly signature: string;
  readonly accessKeyId: string;
  /** As the client wrote it: 2020-06-09T22:41:51.000Z. */
  readonly timestamp: string;
  readonly sessionToken?: string;
}

export interface KeyHolder {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When it ends. */
  readonly expires?: Date;
}

const SERVICE = "cassandra";
const EXPIRES_SECONDS = 900;
const ALGORITHM = "AWS4-HMAC-SHA256";

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text, "utf8").digest();

/** 2020-06-09T22:41:51.000Z and us-west-2 to 20200609/us-west-2/cassandra/aws4_request. */
export function credentialScope(timestamp: string, region: string): string {
  return `${timestamp.slice(0, 10).replaceAll("-", "")}/${region}/${SERVICE}/aws4_request`;
}

export function canonicalRequest(nonce: string, answer: SignedAnswer, region: string): string {
  const credential = `${answer.accessKeyId}/${credentialScope(answer.timestamp, region)}`;
  const query = [
    `X-Amz-Algorithm=${ALGORITHM}`,
    `X-Amz-Credential=${encodeURIComponent(credential)}`,
    `X-Amz-Date=${encodeURIComponent(answer.timestamp)}`,
    `X-Amz-Expires=${EXPIRES_SECONDS}`,
  ].join("&");
  return ["PUT", "/authenticate", query, `host:${SERVICE}`, "", "host", sha256(nonce)].join("\n");
}

export function stringToSign(canonical: string, timestamp: string, region: string): string {
  return [ALGORITHM, timestamp, credentialScope(timestamp, region), sha256(canonical)].join("\n");
}

export function signingKey(secretAccessKey: string, timestamp: string, region: string): Buffer {
  return credentialScope(timestamp, region)
    .split("/")
    .reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secretAccessKey}`) as Buffer;
}

/** Lower-case hex. */
export function signatureOf(key: Buffer, toSign: string): string {
  return hmac(key, toSign).toString("hex");
}

/** Reads `signature=…,access_key=…,amzdate=…[,session_token=…]`; undefined if a part is missing. */
export function parseAnswer(text: string): SignedAnswer | undefined {
  const parts = new Map<string, string>();
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    if (equals > 0) parts.set(part.slice(0, equals), part.slice(equals + 1));
  }
  const signature = parts.get("signature");
  const accessKeyId = parts.get("access_key");
  const timestamp = parts.get("amzdate");
  const sessionToken = parts.get("session_token");
  if (signature === undefined || accessKeyId === undefined || timestamp === undefined) return undefined;
  return { signature, accessKeyId, timestamp, ...(sessionToken !== undefined && { sessionToken }) };
}

export interface Challenge {
  readonly nonce: string;
  readonly region: string;
  readonly now: Date;
}

/** Who answered the challenge, or undefined: as on AWS, the reason stays with the server. */
export function verifyAnswer<T extends KeyHolder>(
  answer: SignedAnswer | undefined,
  holders: readonly T[],
  { nonce, region, now }: Challenge,
): T | undefined {
  if (!answer || !isCurrent(answer.timestamp, now)) return undefined;
  const holder = holders.find(({ accessKeyId }) => accessKeyId === answer.accessKeyId);
  if (!holder || (holder.expires !== undefined && now >= holder.expires)) return undefined;
  const toSign = stringToSign(canonicalRequest(nonce, answer, region), answer.timestamp, region);
  const expected = signatureOf(signingKey(holder.secretAccessKey, answer.timestamp, region), toSign);
  const right = equal(expected, answer.signature) && equal(holder.sessionToken ?? "", answer.sessionToken ?? "");
  return right ? holder : undefined;
}

/** Exactly three digits of a second, as the service wants them, and no further away than the signature is valid. */
function isCurrent(timestamp: string, now: Date): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(timestamp)) return false;
  return Math.abs(Date.parse(timestamp) - now.getTime()) <= EXPIRES_SECONDS * 1000;
}

/** Compares secrets; takes the same time wherever the first difference is. */
export function equal(a: string, b: string): boolean {
  const left = Buffer.from(a, "utf8");
  const right = Buffer.from(b, "utf8");
  return left.length === right.length && timingSafeEqual(left, right);
}
