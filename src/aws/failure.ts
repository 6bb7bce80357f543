import { messageOf, StepError } from "../errors.js";

/** Common reasons, by the name AWS gives them, and what to do. Names differ between services and protocols. */
const hints: readonly { names: readonly string[]; hint: string }[] = [
  {
    names: ["InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException", "AuthFailure"],
    hint: "The access key is not known there. Check AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN and AWS_PROFILE.",
  },
  {
    names: ["SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed", "IncompleteSignature"],
    hint: "The secret access key does not belong to the access key, or this machine's clock is wrong. Sign in anew.",
  },
  {
    names: ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"],
    hint: "The credentials have expired. Sign in anew (aws sso login) and run the notebook again.",
  },
  {
    names: ["AccessDenied", "AccessDeniedException", "Forbidden", "403", "UnauthorizedOperation", "AllAccessDisabled"],
    hint: "The signed-in identity lacks this permission. Ask whoever manages the AWS account to grant it.",
  },
  {
    names: ["ResourceLimitExceeded"],
    hint: "Ask for a higher quota in the Service Quotas console, or choose another instance type.",
  },
  {
    names: ["ThrottlingException", "Throttling", "TooManyRequestsException", "SlowDown", "RequestLimitExceeded"],
    hint: "AWS asks for fewer requests. Wait a minute and run the cell again.",
  },
];

const unreachable = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "ECONNRESET",
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

/** The SDK keeps only the text of an error that was made in another realm, as under Jest. */
function textOf(error: unknown): string {
  return messageOf(innermost(error)).replace(/^AWS SDK error wrapper for \w*Error: /, "");
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
