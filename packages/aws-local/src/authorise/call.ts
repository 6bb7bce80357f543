import type { AccessRequest } from "@keyspaces-segmentation/iam-local";
import type { WireRequest } from "@keyspaces-segmentation/local-support";

/** A call to AWS, as far as it decides what is asked for. */
export interface Call {
  /** The operation's name; of S3, whose requests do not name theirs, method and path. */
  readonly operation: string;
  readonly wire: WireRequest;
  /** Empty for what streams. */
  readonly body: Buffer;
  readonly account: string;
  readonly region: string;
}

/**
 * What a call wants to do: all of it has to be allowed. Undefined for an operation that nothing is known of, which nobody may then use.
 */
export type Describe = (call: Call) => readonly AccessRequest[] | undefined;

/** The members of a request in JSON; none where it is no JSON, which the service will say. */
export function membersOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(body.toString("utf8"));
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
