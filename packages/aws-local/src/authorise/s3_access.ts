import type { IncomingMessage } from "node:http";
import { type Caller, requestValues } from "@keyspaces-segmentation/iam-local";
import { AwsError, escapeXml, headerValues, type WireRequest } from "@keyspaces-segmentation/local-support";
import type { Call } from "./call.js";
import { addressOf, deletesSeveral, describeS3, keysToDelete, onObject } from "./describe_s3.js";
import type { Gate } from "./gate.js";
import { unusableKey } from "./key_use.js";

/** The requests of S3 whose bodies say what is asked: they are read before anything is decided. */
export function saysInBody(wire: WireRequest): boolean {
  return deletesSeveral(wire) || operationOfS3(wire) === "PUT policy";
}

/** Method and subresource, which is all the name that requests to S3 have. */
export function operationOfS3(wire: WireRequest): string {
  const { query, key } = addressOf(wire);
  return key === "" && query.has("policy") ? `${wire.method} policy` : `${wire.method} ${wire.target.split("?")[0]}`;
}

/** Uses a key on behalf of whoever stores or reads an object. @throws AwsError */
async function useKey(gate: Gate, caller: Caller, action: string, key: string, region: string): Promise<void> {
  const values = requestValues({ "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:CallerAccount": caller.account });
  const resource = await gate.arnOfKey(key);
  const unusable = await unusableKey(gate, key.startsWith("arn:") ? key : resource, region);
  if (unusable) throw new AwsError(unusable.fault, unusable.message);
  const request = { action: `kms:${action}`, resource, values };
  const refusal = await gate.refusal(caller, request);
  if (refusal !== undefined) throw new AwsError("denied", refusal);
}

const ENCRYPTED_WITH = "x-amz-server-side-encryption-aws-kms-key-id";

/** The keys for what is stored are the writer's to use. @throws AwsError */
export async function authoriseS3(gate: Gate, call: Call, caller: Caller): Promise<void> {
  await gate.authorise("s3", call, caller);
  const [key] = headerValues(call.wire, ENCRYPTED_WITH);
  if (key !== undefined && caller.permissions !== "all")
    await useKey(gate, caller, "GenerateDataKey", key, call.region);
}

/**
 * What of an answer the caller may not have: what is encrypted with a key that they may not use, and the news that something is not there,
 * where they may not list what is.
 *
 * @throws AwsError
 */
export async function judgeAnswer(gate: Gate, call: Call, caller: Caller, answer: IncomingMessage): Promise<void> {
  const { bucket, key } = addressOf(call.wire);
  if (caller.permissions === "all" || key === "" || !["GET", "HEAD"].includes(call.wire.method)) return;
  if (answer.statusCode === 404) {
    const refusal = await gate.refusal(caller, onObject("ListBucket", bucket, "", requestValues({ "s3:prefix": key })));
    if (refusal !== undefined) throw new AwsError("denied", refusal);
  }
  const encryptedWith = answer.headers[ENCRYPTED_WITH];
  if (typeof encryptedWith === "string" && (answer.statusCode ?? 0) < 300) {
    await useKey(gate, caller, "Decrypt", encryptedWith, call.region);
  }
}

/** A request to delete several objects, without those that the caller may not delete. */
export interface AllowedDeletions {
  readonly body: Buffer;
  /** What S3 would say of the others: elements for its answer. */
  readonly errors: string;
}

/** Decides on each object that a request to delete several names. */
export async function withoutRefused(gate: Gate, call: Call, caller: Caller): Promise<AllowedDeletions> {
  const named = keysToDelete(call.body);
  const requests = describeS3(call) ?? [];
  let text = call.body.toString("utf8");
  let errors = "";
  for (const [index, { key, element }] of named.entries()) {
    const request = requests[index];
    const refusal = request && (await gate.refusal(caller, request));
    if (refusal === undefined) continue;
    text = text.replace(element, "");
    errors += `<Error><Key>${escapeXml(key)}</Key><Code>AccessDenied</Code><Message>${escapeXml(refusal)}</Message></Error>`;
  }
  return { body: Buffer.from(text), errors };
}
