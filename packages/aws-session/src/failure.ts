import { messageOf, StepError } from "@keyspaces-segmentation/common";

/** Credentials that there may be newer ones of. A session token is refused as invalid too once it is over, or revoked. */
const unknownIdentity = [
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "InvalidToken",
  "UnrecognizedClientException",
  "AuthFailure",
];

const expired = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

/** What the SDK's chain says where no more credentials can be had. */
const withoutCredentials = ["CredentialsProviderError", "TokenProviderError"];

/** Names of throttling that the SDK knows too (@smithy/core, submodules/retry). */
const throttled = [
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
];

const denied = [
  "AccessDenied",
  "AccessDeniedException",
  "Forbidden",
  "403",
  "UnauthorizedOperation",
  "AllAccessDisabled",
];

/** As Glue calls its own trouble, with a status that does not tell, or one run of several that has none. */
const troubled = ["InternalServiceException", "OperationTimeoutException"];

/** Common reasons, by the name AWS gives them, and what to do. Names differ between services and protocols. */
const hints: readonly { names: readonly string[]; hint: string }[] = [
  {
    names: unknownIdentity,
    hint: "The access key is not known there. Sign in anew, or check AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, AWS_PROFILE and the region: keys are good in their own partition only (aws, aws-cn, aws-us-gov).",
  },
  {
    names: ["SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed", "IncompleteSignature"],
    hint: "The secret access key does not belong to the access key, or this machine's clock is wrong. Sign in anew.",
  },
  {
    names: [...expired, ...withoutCredentials],
    hint: "The credentials have expired. Sign in anew (aws sso login) and run the cell again.",
  },
  {
    names: denied,
    hint: "The signed-in identity lacks this permission. Ask whoever manages the AWS account to grant it.",
  },
  {
    names: ["ResourceLimitExceeded"],
    hint: "Ask for a higher quota in the Service Quotas console, or choose another instance type.",
  },
  {
    names: throttled,
    hint: "AWS asks for fewer requests. Wait a minute and run the cell again.",
  },
];

const unreachable = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "ECONNRESET",
  "EPIPE",
  "EHOSTUNREACH",
  "TimeoutError",
];

/** The SDK reads the address itself; we only name it, so that a wrong one is seen. */
function whereToLook(): string {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return endpoint
    ? `AWS_ENDPOINT_URL is ${endpoint}: check that the local stack is running (npm run local).`
    : "Check the network, the region's name and, in a VPC, its endpoints.";
}

/** Node reports a refused connection to a name with several addresses as an aggregate without a message. */
function innermost(error: unknown): unknown {
  return (error as AggregateError | undefined)?.errors?.[0] ?? error;
}

/** What the SDK's HTTP handler says in its own terms, with the milliseconds that it has waited. */
const silences: readonly (readonly [RegExp, (seconds: number) => string])[] = [
  [/request socket timed out after (\d+) ms/, (seconds) => `nothing came for ${seconds} s over an open connection`],
  [/did not establish a connection .*timeout of (\d+) ms/, (seconds) => `there was no connection within ${seconds} s`],
];

/** The SDK keeps only the text of an error that was made in another realm, as under Jest. */
function textOf(error: unknown): string {
  const text = messageOf(innermost(error)).replace(/^AWS SDK error wrapper for \w*Error: /, "");
  for (const [pattern, worded] of silences) {
    const [, milliseconds] = pattern.exec(text) ?? [];
    if (milliseconds !== undefined) return `TimeoutError: ${worded(Number(milliseconds) / 1000)}`;
  }
  // What the SDK says itself where an answer has no body, as S3's to a HEAD request.
  return text === "UnknownError" ? "the answer gives no reason" : text;
}

/** The name by which AWS or the operating system calls the reason, else the HTTP status, else "". */
export function reasonOf(error: unknown): string {
  const { name, code } = (innermost(error) ?? {}) as { name?: string; code?: unknown };
  if (typeof code === "string") return code;
  if (name && !["Error", "Unknown", "UnknownError"].includes(name)) return name;
  const text = textOf(error);
  return unreachable.find((reason) => text.includes(reason)) ?? String(statusOf(error) ?? "");
}

/** The HTTP status of the answer; undefined when none came. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

/** Whether the identity lacks a permission; nothing else that went wrong means that. Also of a step's failure. */
export function isDenied(error: unknown): boolean {
  return denied.includes(reasonOf(error instanceof StepError ? error.cause : error));
}

/** Whether AWS has refused the credentials as expired, or the provider had none but expired ones. */
export function credentialsExpired(error: unknown): boolean {
  return [...expired, ...withoutCredentials].includes(reasonOf(error));
}

/**
 * Whether the same request may succeed with credentials that are resolved anew. S3 answers a HEAD request without a reason: a bare
 * 400 is how it refuses a token that has expired.
 */
export function credentialsRefused(error: unknown): boolean {
  return [...expired, ...unknownIdentity, "400", "BadRequest"].includes(reasonOf(error));
}

/**
 * Whether the same request may well succeed a while later: throttling, trouble of the service or on the way to it. An answer that is
 * not JSON comes from something in between, which the SDK throws as a SyntaxError.
 */
export function passesByItself(error: unknown): boolean {
  const reason = reasonOf(error);
  const status = statusOf(error) ?? 0;
  return [...throttled, ...troubled, ...unreachable, "SyntaxError"].includes(reason) || status >= 500 || status === 429;
}

/**
 * Words a failed call to AWS for the reader: its name for the reason, its message, and what to do about it.
 *
 * @param tried what was tried, as in {@link StepError}
 * @param extra hints for reasons that only this call knows, by name
 */
export function awsFailure(tried: string, error: unknown, extra: Readonly<Record<string, string>> = {}): StepError {
  if (error instanceof StepError) return error;
  const reason = reasonOf(error);
  const text = textOf(error);
  const got = reason === "" || text.includes(reason) ? text : `${reason}: ${text}`;
  const hint =
    extra[reason] ??
    (unreachable.includes(reason) ? whereToLook() : hints.find(({ names }) => names.includes(reason))?.hint);
  return new StepError({ tried, got, ...(hint !== undefined && { hint }), cause: error });
}
