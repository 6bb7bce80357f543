/**
 * AWS Signature Version 4, the verifying side: pure steps, written from the specification alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** The request target: path and query, still encoded. */
  readonly target: string;
  /** Name, value, name, value, … as sent, repeats included. */
  readonly rawHeaders: readonly string[];
}

/** What an Authorization header claims. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** YYYYMMDD */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();

const credentialPattern = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/;

/** Reads an Authorization header; `undefined` if it is not a complete SigV4 one. */
export function parseAuthorization(header: string): SignatureClaim | undefined {
  const [, fields] = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(header.trim()) ?? [];
  if (fields === undefined) return undefined;
  const values = new Map(fields.split(",").map((field) => splitOnce(field.trim(), "=")));
  const [, accessKeyId, date, region, service] = credentialPattern.exec(values.get("Credential") ?? "") ?? [];
  const signedHeaders = values.get("SignedHeaders")?.split(";");
  const signature = values.get("Signature");
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !/^[0-9a-f]{64}$/.test(signature ?? "")) {
    return undefined;
  }
  return { accessKeyId, date, region, service, signedHeaders, signature: signature as string };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** RFC 3986: everything but letters, digits, `-`, `_`, `.` and `~` as %XX. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A stray "%": taken as it stands.
  }
}

function withoutDotSegments(segments: string[]): string[] {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return kept;
}

/** S3 signs the path as it is, encoded once; every other service normalises it and encodes what is already encoded. */
function canonicalPath(path: string, service: string): string {
  const segments = path.split("/");
  if (service === "s3") return segments.map((segment) => encode(decode(segment))).join("/");
  const kept = withoutDotSegments(segments);
  const slash = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.map(encode).join("/")}${slash}`;
}

function canonicalQuery(query: string): string {
  const pairs = query.split("&").filter(Boolean);
  return pairs
    .map((pair) => splitOnce(pair, "=").map((part) => encode(decode(part))) as [string, string])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The values of a header, in the order sent. */
export function headerValues(request: WireRequest, name: string): string[] {
  const { rawHeaders } = request;
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}

/** The canonical request, from the wire request, the headers that were signed and the hash of the body. */
export function canonicalRequest(
  request: WireRequest,
  { service, signedHeaders }: Pick<SignatureClaim, "service" | "signedHeaders">,
  payloadHash: string,
): string {
  const [path, query] = splitOnce(request.target, "?");
  const headers = signedHeaders.map((name) => {
    const values = headerValues(request, name).map((value) => value.trim().replace(/ +/g, " "));
    return `${name}:${values.join(",")}\n`;
  });
  return [
    request.method,
    canonicalPath(path, service),
    canonicalQuery(query),
    headers.join(""),
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

type Scope = Pick<SignatureClaim, "date" | "region" | "service">;

/** @param timestamp the request's x-amz-date, YYYYMMDD'T'HHMMSS'Z' */
export function stringToSign(canonical: string, timestamp: string, { date, region, service }: Scope): string {
  return ["AWS4-HMAC-SHA256", timestamp, `${date}/${region}/${service}/aws4_request`, sha256(canonical)].join("\n");
}

/** The signature that the owner of `secret` would have made, in hexadecimal. */
export function signatureOf(toSign: string, secret: string, { date, region, service }: Scope): string {
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key as Buffer, toSign).toString("hex");
}

/** Compares two signatures in a time that does not tell where they differ. */
export function sameSignature(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
