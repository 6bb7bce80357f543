import { RETENTION_MS, type StreamStore } from "../schema/stream_store.js";
import { packToken, unpackToken, validationFault } from "./stream_tokens.js";

export interface ShardIteratorRequest {
  readonly streamArn: string;
  readonly shardId: string;
  readonly shardIteratorType: "TRIM_HORIZON" | "LATEST" | "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER";
  readonly sequenceNumber?: string;
}

/**
 * The place that an iterator begins at: the record of that number and those behind it; with a `+`, those behind it alone.
 *
 * @throws AwsError for a number that is missing, or older than what is kept
 */
export function startOf(
  { shardIteratorType, sequenceNumber }: ShardIteratorRequest,
  streams: StreamStore,
  now: Date,
): string {
  const oldest = streams.numberAt(new Date(now.getTime() - RETENTION_MS));
  if (shardIteratorType === "TRIM_HORIZON") return oldest;
  if (shardIteratorType === "LATEST") return `${streams.last()}+`;
  if (sequenceNumber === undefined || !/^\d+$/.test(sequenceNumber)) {
    throw validationFault(`${shardIteratorType} needs the sequenceNumber of a record`, "InvalidFormat");
  }
  if (sequenceNumber < oldest) {
    throw validationFault("The record of this sequenceNumber is older than 24 hours", "TrimmedDataAccess");
  }
  return shardIteratorType === "AT_SEQUENCE_NUMBER" ? sequenceNumber : `${sequenceNumber}+`;
}

export const writeIterator = (streamArn: string, from: string, now: Date): string =>
  packToken("shardIterator", [streamArn, from], now);

/** @throws AwsError for one that is none, or too old */
export function readIterator(iterator: string, now: Date): { readonly streamArn: string; readonly from: string } {
  const [streamArn = "", from = ""] = unpackToken("shardIterator", iterator, now, "ExpiredIterator");
  return { streamArn, from };
}
