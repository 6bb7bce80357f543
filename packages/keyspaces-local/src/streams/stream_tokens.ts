import type { AwsError } from "@keyspaces-segmentation/local-support";
import { fault } from "../control_plane/errors.js";

/** How long an iterator or a token can be used. */
const VALID_MS = 15 * 60_000;

type ErrorCode = "InvalidFormat" | "ExpiredIterator" | "ExpiredNextToken" | "TrimmedDataAccess";

/** A refusal as the streams' API words it: with a code that says why. */
export const validationFault = (message: string, errorCode: ErrorCode): AwsError =>
  fault("ValidationException", message, { errorCode });

/** Packs what a later request goes on with; the API wants no less than 80 characters. */
export function packToken(kind: string, values: readonly string[], now: Date): string {
  const text = JSON.stringify([kind, now.getTime(), ...values]).padEnd(MIN_BYTES);
  return Buffer.from(text).toString("base64url");
}

const MIN_BYTES = 60;

/** @throws AwsError for one that is none, or too old */
export function unpackToken(kind: string, token: string, now: Date, tooOld: ErrorCode): readonly string[] {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    read = undefined;
  }
  const [packed, at, ...values] = Array.isArray(read) ? (read as unknown[]) : [];
  if (packed !== kind || typeof at !== "number" || !values.every((value) => typeof value === "string")) {
    throw validationFault(`Invalid ${kind}`, "InvalidFormat");
  }
  if (now.getTime() - at > VALID_MS) throw validationFault(`The ${kind} is older than 15 minutes`, tooOld);
  return values;
}

export const writeToken = (arn: string, now: Date): string => packToken("nextToken", [arn], now);
export const readToken = (token: string, now: Date): string =>
  unpackToken("nextToken", token, now, "ExpiredNextToken")[0] ?? "";
