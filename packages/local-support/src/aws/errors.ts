/**
 * How a service writes its errors: AWS JSON (SageMaker, Glue, KMS, Keyspaces), the same in CBOR, JSON with the name in a header (`rest`: SageMaker
 * Runtime), the query protocol's XML (STS, IAM) or S3's XML.
 */
export type Protocol = "json" | "cbor" | "rest" | "query" | "s3";

/** Faults that every service has. */
type SharedFault =
  | "unsigned"
  | "incomplete"
  | "unknownKey"
  | "wrongToken"
  | "expiredToken"
  | "wrongScope"
  | "stale"
  | "wrongSignature"
  | "notSigned"
  | "wrongBody"
  | "tooLarge"
  | "denied"
  | "keyNotFound"
  | "keyDisabled"
  | "keyInvalidState"
  | "MalformedPolicyDocument"
  | "NoSuchEntity"
  | "notEmulated"
  | "internal";

/** Names of services' own, SageMaker's, SageMaker Runtime's, Glue's and Keyspaces', with their HTTP status. */
const ownFaults = {
  ValidationException: 400,
  SerializationException: 400,
  UnknownOperationException: 400,
  ResourceInUse: 400,
  ResourceLimitExceeded: 400,
  ThrottlingException: 400,
  ValidationError: 400,
  ModelError: 424,
  AccessDeniedException: 403,
  ConflictException: 409,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
  InvalidInputException: 400,
  EntityNotFoundException: 400,
  IdempotentParameterMismatchException: 400,
  ConcurrentRunsExceededException: 400,
  ResourceNumberLimitExceededException: 400,
} as const;
type OwnFault = keyof typeof ownFaults;

export type Fault = SharedFault | OwnFault;

/**
 * The shared faults, with the name and HTTP status that each protocol gives them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const faults: Readonly<
  Record<SharedFault, Record<Exclude<Protocol, "rest" | "cbor">, readonly [code: string, status: number]>>
> = {
  unsigned: {
    json: ["MissingAuthenticationTokenException", 400],
    query: ["MissingAuthenticationToken", 403],
    s3: ["AccessDenied", 403],
  },
  incomplete: {
    json: ["IncompleteSignatureException", 400],
    query: ["IncompleteSignature", 400],
    s3: ["AuthorizationHeaderMalformed", 400],
  },
  unknownKey: {
    json: ["UnrecognizedClientException", 400],
    query: ["InvalidClientTokenId", 403],
    s3: ["InvalidAccessKeyId", 403],
  },
  wrongToken: {
    json: ["UnrecognizedClientException", 400],
    query: ["InvalidClientTokenId", 403],
    s3: ["InvalidToken", 400],
  },
  expiredToken: {
    json: ["ExpiredTokenException", 400],
    query: ["ExpiredToken", 403],
    s3: ["ExpiredToken", 400],
  },
  wrongScope: {
    json: ["InvalidSignatureException", 400],
    query: ["SignatureDoesNotMatch", 403],
    s3: ["AuthorizationHeaderMalformed", 400],
  },
  stale: {
    json: ["InvalidSignatureException", 400],
    query: ["SignatureDoesNotMatch", 403],
    s3: ["RequestTimeTooSkewed", 403],
  },
  wrongSignature: {
    json: ["InvalidSignatureException", 400],
    query: ["SignatureDoesNotMatch", 403],
    s3: ["SignatureDoesNotMatch", 403],
  },
  notSigned: {
    json: ["InvalidSignatureException", 400],
    query: ["SignatureDoesNotMatch", 403],
    s3: ["AccessDenied", 403],
  },
  wrongBody: {
    json: ["InvalidSignatureException", 400],
    query: ["SignatureDoesNotMatch", 403],
    s3: ["XAmzContentSHA256Mismatch", 400],
  },
  tooLarge: {
    json: ["RequestEntityTooLargeException", 413],
    query: ["RequestEntityTooLarge", 413],
    s3: ["EntityTooLarge", 400],
  },
  denied: {
    json: ["AccessDeniedException", 400],
    query: ["AccessDenied", 403],
    s3: ["AccessDenied", 403],
  },
  /** Of KMS; S3 hands them on. */
  keyNotFound: {
    json: ["NotFoundException", 400],
    query: ["NotFoundException", 400],
    s3: ["KMS.NotFoundException", 400],
  },
  keyDisabled: {
    json: ["DisabledException", 400],
    query: ["DisabledException", 400],
    s3: ["KMS.DisabledException", 400],
  },
  keyInvalidState: {
    json: ["KMSInvalidStateException", 400],
    query: ["KMSInvalidStateException", 400],
    s3: ["KMS.KMSInvalidStateException", 400],
  },
  /** KMS and S3 have a word of their own for it. */
  MalformedPolicyDocument: {
    json: ["MalformedPolicyDocumentException", 400],
    query: ["MalformedPolicyDocument", 400],
    s3: ["MalformedPolicy", 400],
  },
  /** Of IAM alone. */
  NoSuchEntity: {
    json: ["NoSuchEntity", 404],
    query: ["NoSuchEntity", 404],
    s3: ["NoSuchEntity", 404],
  },
  /** Ours: AWS can do it, the stand-in cannot. 501 is a status that no SDK retries. */
  notEmulated: {
    json: ["NotEmulatedException", 501],
    query: ["NotEmulated", 501],
    s3: ["NotImplemented", 501],
  },
  internal: {
    json: ["InternalFailure", 500],
    query: ["InternalFailure", 500],
    s3: ["InternalError", 500],
  },
};

/** What a handler throws: which fault, and the sentence for the reader. Its name on the wire depends on the protocol. */
export class AwsError extends Error {
  readonly fault: Fault;
  /** Further members of the error, where the service has some. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(fault: Fault, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "AwsError";
    this.fault = fault;
    this.members = members;
  }
}

/** The name and HTTP status of a fault in a protocol. */
export function nameOf(fault: Fault, protocol: Protocol): readonly [code: string, status: number] {
  if (!(fault in faults)) return [fault, ownFaults[fault as OwnFault]];
  const forms = faults[fault as SharedFault];
  // The names of JSON 1.1, but 403 for who may not.
  if (protocol === "rest") return [forms.json[0], forms.query[1]];
  return forms[protocol === "cbor" ? "json" : protocol];
}
