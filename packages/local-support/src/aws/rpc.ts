import { decodeCbor } from "./cbor.js";
import { AwsError } from "./errors.js";
import { headerValues, type WireRequest } from "./sigv4.js";

/** A call to a service that has one address for all of its operations. */
export interface RpcCall {
  readonly protocol: "json" | "cbor";
  /** The service's name in its model: `KeyspacesService`. */
  readonly service: string;
  readonly operation: string;
}

const cborPath = /^\/service\/(\w+)\/operation\/(\w+)$/;

/**
 * What is called, by AWS JSON or by Smithy's RPC with CBOR; undefined for any other request.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 * @see https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export function rpcCallOf(request: WireRequest): RpcCall | undefined {
  const isCbor = headerValues(request, "smithy-protocol")[0] === "rpc-v2-cbor";
  const [, service, operation] = isCbor
    ? (cborPath.exec(request.target) ?? [])
    : (/^(\w+)\.(\w+)$/.exec(headerValues(request, "x-amz-target")[0] ?? "") ?? []);
  if (service === undefined || operation === undefined) return undefined;
  return { protocol: isCbor ? "cbor" : "json", service, operation };
}

/** The input of a call. @throws AwsError `SerializationException` */
export function readInput(protocol: RpcCall["protocol"], body: Buffer): unknown {
  // An operation without input has no body.
  if (body.length === 0) return {};
  if (protocol === "cbor") return decodeCbor(body);
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The request is not JSON.");
  }
}
