import type { Identity } from "../identities.js";
import { AwsError } from "./errors.js";
import {
  canonicalRequest,
  headerValues,
  parseAuthorization,
  type SignatureClaim,
  sameSignature,
  signatureOf,
  stringToSign,
  type WireRequest,
} from "./sigv4.js";

export interface AuthenticationOptions {
  readonly region: string;
  readonly identities: readonly Identity[];
  readonly now: () => Date;
}

const MINUTE = 60_000;
/** How far a request's clock may be off: S3 allows more than the others. */
const allowedSkew = (service: string): number => (service === "s3" ? 15 : 5) * MINUTE;

/** What the Authorization header claims, before anything is believed. */
export function readClaim(request: WireRequest): SignatureClaim {
  const [header] = headerValues(request, "authorization");
  if (header === undefined) {
    if (/[?&]X-Amz-Signature=/i.test(request.target)) {
      throw new AwsError("notEmulated", "Presigned URLs are not emulated: sign with the Authorization header.");
    }
    throw new AwsError("unsigned", "Request is missing Authentication Token");
  }
  const claim = parseAuthorization(header);
  if (!claim) throw new AwsError("incomplete", "The Authorization header is not a complete AWS4-HMAC-SHA256 one.");
  return claim;
}

function checkToken(identity: Identity, request: WireRequest): void {
  const [token] = headerValues(request, "x-amz-security-token");
  if (token === identity.sessionToken) return;
  const message = "The security token included in the request is invalid.";
  // A temporary key without its token is, to AWS, a key that nobody knows.
  throw new AwsError(token === undefined ? "unknownKey" : "wrongToken", message);
}

function checkExpiry({ expires }: Identity, service: string, now: Date): void {
  if (expires === undefined || now < expires) return;
  const message =
    service === "s3" ? "The provided token has expired." : "The security token included in the request is expired";
  throw new AwsError("expiredToken", message);
}

function checkScope(claim: SignatureClaim, region: string): void {
  // IAM is one for all regions, and lives in us-east-1.
  if (claim.region === region || (claim.service === "iam" && claim.region === "us-east-1")) return;
  throw new AwsError(
    "wrongScope",
    claim.service === "s3"
      ? `The authorization header is malformed; the region '${claim.region}' is wrong; expecting '${region}'`
      : `Credential should be scoped to a valid region, not '${claim.region}'; this stand-in is ${region}.`,
  );
}

/** What is not signed could be anybody's: the host and all of AWS's own headers have to be. */
function checkSignedHeaders({ rawHeaders }: WireRequest, { service, signedHeaders }: SignatureClaim): void {
  if (!signedHeaders.includes("host")) {
    throw new AwsError("wrongSignature", "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const unsigned = names.find((name) => name.startsWith("x-amz-") && !signedHeaders.includes(name));
  if (unsigned === undefined) return;
  throw new AwsError(
    "notSigned",
    service === "s3"
      ? `There were headers present in the request which were not signed: ${unsigned}`
      : `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`,
  );
}

const compact = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+/g, "");

function checkTime(claim: SignatureClaim, timestamp: string, now: Date): void {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp) ?? [];
  if (second === undefined) {
    throw new AwsError("incomplete", `x-amz-date must be YYYYMMDD'T'HHMMSS'Z', got '${timestamp}'.`);
  }
  if (!timestamp.startsWith(claim.date)) {
    throw new AwsError("wrongSignature", `Date in Credential scope does not match x-amz-date: '${claim.date}'.`);
  }
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const skew = allowedSkew(claim.service);
  if (Math.abs(now.getTime() - time) <= skew) return;
  if (claim.service === "s3") {
    throw new AwsError("stale", "The difference between the request time and the current time is too large.");
  }
  const [kind, order, sign] =
    time < now.getTime() ? ["expired", "now earlier", -1] : ["not yet current", "still later", 1];
  const limit = compact(new Date(now.getTime() + sign * skew));
  throw new AwsError(
    "stale",
    `Signature ${kind}: ${timestamp} is ${order} than ${limit} (${compact(now)} ${sign < 0 ? "-" : "+"} 5 min.)`,
  );
}

/**
 * Whose request this is: the identity that made the signature.
 *
 * @param payloadHash what the client signed as the hash of the body
 * @throws AwsError saying why the signature is not believed
 */
export function authenticate(
  request: WireRequest,
  claim: SignatureClaim,
  payloadHash: string,
  { region, identities, now }: AuthenticationOptions,
): Identity {
  const identity = identities.find(({ accessKeyId }) => accessKeyId === claim.accessKeyId);
  if (!identity) throw new AwsError("unknownKey", "The security token included in the request is invalid.");
  checkToken(identity, request);
  checkExpiry(identity, claim.service, now());
  checkScope(claim, region);
  checkSignedHeaders(request, claim);
  const [timestamp = ""] = headerValues(request, "x-amz-date");
  checkTime(claim, timestamp, now());
  const toSign = stringToSign(canonicalRequest(request, claim, payloadHash), timestamp, claim);
  if (!sameSignature(signatureOf(toSign, identity.secretAccessKey, claim), claim.signature)) {
    throw new AwsError(
      "wrongSignature",
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method.",
    );
  }
  return identity;
}
