import { headerValues, type Protocol, type WireRequest } from "@keyspaces-segmentation/local-support";

/** The form in which the client that sent this expects an error. */
export function protocolOf(request: WireRequest, service: string | undefined): Protocol {
  if (service === "s3") return "s3";
  if (headerValues(request, "smithy-protocol").length > 0) return "cbor";
  if (headerValues(request, "x-amz-target").length > 0) return "json";
  if (headerValues(request, "content-type")[0]?.startsWith("application/x-www-form-urlencoded")) return "query";
  // SageMaker's control plane names its operation in a header, its runtime in the path.
  if (service === "sagemaker") return "rest";
  return service === undefined ? "s3" : "json";
}

/** The operation asked for, by its name in the API. */
export function operationOf(request: WireRequest, body: Buffer): string {
  const [target] = headerValues(request, "x-amz-target");
  if (target !== undefined) return target.slice(target.lastIndexOf(".") + 1);
  if (protocolOf(request, undefined) === "query") return new URLSearchParams(body.toString("utf8")).get("Action") ?? "";
  if (/^\/endpoints\/[^/]+\/invocations$/.test(request.target)) return "InvokeEndpoint";
  return `${request.method} ${request.target}`;
}
