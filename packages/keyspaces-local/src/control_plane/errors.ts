import { AwsError, type Fault } from "@keyspaces-segmentation/local-support";
import { ErrorCode, type Refusal } from "../protocol/refusal.js";

/** A fault of the service's own, with its sentence as the SDKs look for it. */
export const fault = (name: Fault, message: string, members: Readonly<Record<string, string>> = {}): AwsError =>
  new AwsError(name, message, { message, ...members });

export const notFound = (message: string, resourceArn: string): AwsError =>
  fault("ResourceNotFoundException", message, { resourceArn });

const quotas: ReadonlySet<string> = new Set([
  ...["KL-QUOTA", "KL-DEFINITIONS", "KL-TYPE-TABLES", "KL-TYPE-FAMILY", "KL-TYPE-NESTING", "KL-SCHEMA-SIZE"],
]);

/** What a refusal by CQL is in the control plane. */
export function faultOf({ code, message, text, rule }: Refusal): AwsError {
  if (rule && quotas.has(rule)) return fault("ServiceQuotaExceededException", text);
  if (rule === "KL-UNCONFIGURED") return fault("ResourceNotFoundException", text);
  if (rule === "KL-BUSY" || code === ErrorCode.alreadyExists) return fault("ConflictException", text);
  // Of types, which have no error of their own in CQL.
  if (/^Type .* doesn't exist/.test(message)) return fault("ResourceNotFoundException", text);
  if (/already exists|still used/.test(message)) return fault("ConflictException", text);
  if (code === ErrorCode.unauthorized) return fault("AccessDeniedException", text);
  return fault(code === ErrorCode.server ? "internal" : "ValidationException", text);
}
