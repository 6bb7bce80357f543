import type { Link } from "../protocol/backend.js";
import type { Frame } from "../protocol/frame.js";
import type { Outbox } from "../protocol/outbox.js";
import type { Streams } from "../protocol/streams.js";
import type { Capacity } from "../rules/capacity.js";
import type { Access } from "../rules/needs.js";
import type { Pages } from "../rules/paging.js";
import type { TokenBucket } from "../rules/token_bucket.js";
import type { Definer } from "../schema/define.js";
import type { NodeView } from "../schema/system_tables.js";
import type { Capture } from "../streams/capture.js";
import type { ConditionLocks } from "./condition_locks.js";
import type { Faults } from "./faults.js";
import type { PreparedStatements } from "./prepared.js";

/** One authenticated connection. */
export interface RequestContext extends Definer {
  /** What whoever has logged in may do. */
  readonly access: Access;
  readonly client: Outbox;
  readonly link: Link;
  readonly prepared: PreparedStatements;
  readonly loggedBatches: "refuse" | "accept";
  readonly nodes: NodeView;
  readonly capacity: Capacity;
  readonly pages: Pages;
  /** What a test lets go wrong; undefined for nothing. */
  readonly faults?: Faults | undefined;
  /** Ends the connection without a word. */
  readonly drop: () => void;
  readonly capture: Capture;
  readonly conditions: ConditionLocks;
  /** To be called when a request is answered at another time than Cassandra does. */
  readonly answered: () => void;
  /** How many requests the connection may still make. */
  readonly requests: TokenBucket;
  /** The connection's keyspace, after USE. */
  keyspace: string | undefined;
  /** Streams that Cassandra has yet to answer, and whether what they ask is a write that waits for none. */
  readonly inFlight: Streams<"write" | "other">;
  /** Those of them whose answer the gateway takes instead of the client; who keeps one copies it. */
  readonly intercepted: Streams<(answer: Frame) => void>;
  /** Called once when the connection to Cassandra ends. */
  readonly onLost: Set<() => void>;
  /** Ends of the writes that are passed on later than they came, in which names mean what they meant then. */
  readonly deferred: Set<Promise<void>>;
}

export type Reply = (frame: Pick<Frame, "version" | "stream">, opcode: number, body: Buffer) => void;

/** Carries out the passing on of a request that nothing is held against. */
export type Dispatch = (passOn: () => void) => void;

/** @param bytes what Cassandra gets in place of the client's own words */
export function passOn(frame: Frame, { inFlight, link }: RequestContext, bytes: Buffer = frame.bytes): void {
  inFlight.set(frame.stream, "other");
  link.outbox.write(bytes);
}

/** Passes on a write that waits for none; one that is to have its tables to itself waits for it. */
export function passOnWrite(frame: Frame, { inFlight, conditions, link }: RequestContext): void {
  inFlight.set(frame.stream, "write");
  conditions.pass();
  link.outbox.write(frame.bytes);
}
