/** How a service writes its errors: AWS JSON 1.1 (SageMaker, KMS), the query protocol's XML (STS, IAM) or S3's XML. */
export type Protocol = "json" | "query" | "s3";

/** Faults that every service has. */
type SharedFault =
  | "unsigned"
  | "incomplete"
  | "unknownKey"
  | "wrongToken"
  | "wrongScope"
  | "stale"
  | "wrongSignature"
  | "notSigned"
  | "wrongBody"
  | "tooLarge"
  | "denied"
  | "notEmulated"
  | "internal";

/** SageMaker's own names, all HTTP 400. */
type SageMakerFault = "ValidationException" | "SerializationException" | "ResourceInUse" | "ResourceNotFound";

export type Fault = SharedFault | SageMakerFault;

/**
 * The shared faults, with the name and HTTP status that each protocol gives them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const faults: Readonly<Record<SharedFault, Record<Protocol, readonly [code: string, status: number]>>> = {
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

  constructor(fault: Fault, message: string) {
    super(message);
    this.name = "AwsError";
    this.fault = fault;
  }
}

/** The name and HTTP status of a fault in a protocol. */
export function nameOf(fault: Fault, protocol: Protocol): readonly [code: string, status: number] {
  return fault in faults ? faults[fault as SharedFault][protocol] : [fault, 400];
}
