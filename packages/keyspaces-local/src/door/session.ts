import type { Socket } from "node:net";
import { type Address, type Link, openLink } from "../protocol/backend.js";
import { createFrameDecoder, encodeFrame, Flag, type Frame, Opcode } from "../protocol/frame.js";
import { bytesOf, createReader, stringMultimapOf, stringOf } from "../protocol/notation.js";
import { createOutbox } from "../protocol/outbox.js";
import { ErrorCode, protocolError, Refusal } from "../protocol/refusal.js";
import { errorBody } from "../protocol/responses.js";
import { createStreams } from "../protocol/streams.js";
import type { Capacity } from "../rules/capacity.js";
import type { Access } from "../rules/needs.js";
import type { Pages } from "../rules/paging.js";
import type { Definer } from "../schema/define.js";
import type { NodeView } from "../schema/system_tables.js";
import type { Capture } from "../streams/capture.js";
import type { ConditionLocks } from "./condition_locks.js";
import { createDropper, dropsLogin, type Faults } from "./faults.js";
import { AUTHENTICATOR, beginHandshake, type Door, finishHandshake } from "./handshake.js";
import type { PreparedStatements } from "./prepared.js";
import { relayAnswers } from "./relay.js";
import type { Reply, RequestContext } from "./request_context.js";
import { handleRequest } from "./request_handler.js";

export interface SessionOptions extends Definer {
  readonly cassandra: Address;
  readonly door: Door;
  readonly prepared: PreparedStatements;
  readonly loggedBatches: "refuse" | "accept";
  /** How long a client may take to log in. */
  readonly loginTimeoutMs: number;
  readonly nodes: NodeView;
  readonly capacity: Capacity;
  readonly pages: Pages;
  readonly capture: Capture;
  readonly conditions: ConditionLocks;
  /** What a test lets go wrong; undefined for nothing. */
  readonly faults?: Faults | undefined;
}

type State =
  | { readonly name: "new" }
  | { readonly name: "authenticating" }
  | { readonly name: "challenged"; readonly nonce: string }
  | { readonly name: "ready"; readonly link: Link; readonly context: RequestContext };

/** Whoever is not logged in has little to say. */
const MAX_BODY_BYTES_BEFORE_LOGIN = 64 * 1024;
/** What Apache Cassandra itself takes (native_transport_max_frame_size); the protocol's own cap is 256 MB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** How long a client may take to hang up after its last answer, however much it has still to say. */
const LINGER_MS = 2000;

const cassandraGone = new Refusal(ErrorCode.server, "Cassandra closed the connection");

/**
 * Serves one client connection. Frames are taken strictly in order; those that only pass are handed to Cassandra
 * without waiting for their answers, those that change the connection or the schema hold up the ones behind them.
 * Every request gets exactly one answer, unless it is the client that hangs up.
 */
export function serveSession(client: Socket, options: SessionOptions): void {
  const { faults } = options;
  const isDropped = faults && createDropper(faults);
  const decoder = createFrameDecoder("request", MAX_BODY_BYTES_BEFORE_LOGIN);
  const answers = createOutbox(client);
  const queue: Frame[] = [];
  let state: State = { name: "new" };
  let busy = false;
  /** The client is no longer listened to, and the connection ends when the last answer is given. */
  let ending = false;

  const deadline = setTimeout(() => client.destroy(), options.loginTimeoutMs);

  const reply: Reply = ({ version, stream }, opcode, body) => {
    answers.write(encodeFrame("response", { version, stream, opcode }, body));
  };
  const fail = (frame: Pick<Frame, "version" | "stream">, error: unknown) => {
    const refusal =
      error instanceof Refusal ? error : new Refusal(ErrorCode.server, `Internal error: ${(error as Error).message}`);
    reply(frame, Opcode.error, errorBody(refusal));
    // After a refused log-in there is nothing left to say on this connection.
    if (state.name !== "ready" && refusal.code !== ErrorCode.protocol) stopListening();
  };
  const stopListening = () => {
    ending = true;
    queue.length = 0;
  };
  const drop = () => {
    stopListening();
    client.destroy();
  };
  const finishIfDone = () => {
    if (!ending || busy || queue.length > 0 || client.writableEnded || client.destroyed) return;
    if (state.name === "ready" && state.context.inFlight.size > 0) return;
    answers.flush();
    // What the client still sends is read and dropped: closing on unread bytes would reset the connection, and the
    // answer could be lost with it.
    client.end();
    const linger = setTimeout(() => client.destroy(), LINGER_MS);
    client.once("close", () => clearTimeout(linger));
  };

  const connectToCassandra = async (version: number, access: Access): Promise<void> => {
    const link = await openLink(options.cassandra, version);
    if (client.destroyed) {
      link.socket.destroy();
      return;
    }
    const context: RequestContext = {
      ...options,
      access,
      keyspace: undefined,
      requests: options.capacity.newConnection(),
      inFlight: createStreams(),
      intercepted: createStreams(),
      onLost: new Set(),
      deferred: new Set(),
      link,
      client: answers,
      drop,
      answered: finishIfDone,
    };
    relayAnswers(context, client, finishIfDone);
    link.socket.on("drain", work);
    link.socket.once("close", () => {
      options.events.leave(answers);
      for (const frame of queue) fail(frame, cassandraGone);
      stopListening();
      for (const lost of context.onLost) lost();
      failInFlight(version, context);
    });
    client.once("close", () => link.socket.destroy());
    clearTimeout(deadline);
    decoder.limitBodies(MAX_BODY_BYTES);
    state = { name: "ready", link, context };
  };
  /** Without its database a connection is of no use: the driver will look for another. */
  const failInFlight = (version: number, { inFlight, intercepted, conditions }: RequestContext) => {
    for (const stream of inFlight.ids()) {
      if (inFlight.take(stream) === "write") conditions.passed();
      fail({ version, stream }, cassandraGone);
    }
    intercepted.clear();
    finishIfDone();
  };

  const handle = (frame: Frame): void | Promise<void> => {
    if (frame.flags & Flag.compressed) throw protocolError("Compressed frames are not supported");
    switch (frame.opcode) {
      case Opcode.options:
        return reply(frame, Opcode.supported, stringMultimapOf({ CQL_VERSION: ["3.4.4"], COMPRESSION: [] }));
      case Opcode.startup:
        if (state.name !== "new") throw protocolError("Unexpected message STARTUP");
        if (createReader(frame.body).stringMap().has("COMPRESSION"))
          throw protocolError("Unknown compression algorithm");
        state = { name: "authenticating" };
        return reply(frame, Opcode.authenticate, stringOf(AUTHENTICATOR));
      case Opcode.authResponse:
        return authenticate(frame);
    }
    if (state.name !== "ready")
      throw protocolError(`Unexpected message with opcode ${frame.opcode}, expecting STARTUP`);
    if (isDropped?.()) return drop();
    return handleRequest(frame, state.context, reply);
  };

  const authenticate = async (frame: Frame): Promise<void> => {
    const token = createReader(frame.body).bytes() ?? Buffer.alloc(0);
    let access: Access;
    if (state.name === "authenticating") {
      const step = beginHandshake(token, options.door);
      if ("challenge" in step) {
        state = { name: "challenged", nonce: step.nonce };
        return reply(frame, Opcode.authChallenge, bytesOf(step.challenge));
      }
      ({ access } = step);
    } else if (state.name === "challenged") access = finishHandshake(token, state.nonce, options.door);
    else throw protocolError("Unexpected message AUTH_RESPONSE");
    if (faults && dropsLogin(faults)) return drop();
    await connectToCassandra(frame.version, access);
    reply(frame, Opcode.authSuccess, bytesOf(null));
  };

  /** Goes on until there is nothing to do, or something to wait for: an answer, or a peer that reads slowly. */
  const work = (): void => {
    while (queue.length > 0 && !busy && !answers.isFull() && !(state.name === "ready" && state.link.outbox.isFull())) {
      const frame = queue.shift()!;
      try {
        const pending = handle(frame);
        if (pending) void settle(frame, pending);
      } catch (error) {
        fail(frame, error);
      }
    }
    if (queue.length > 0) client.pause();
    else client.resume();
    finishIfDone();
  };
  const settle = async (frame: Frame, pending: Promise<void>) => {
    busy = true;
    try {
      await pending;
    } catch (error) {
      fail(frame, error);
    }
    busy = false;
    // What it has sent on may have come too late.
    if (state.name === "ready" && state.link.socket.destroyed) failInFlight(frame.version, state.context);
    work();
  };

  client.on("data", (chunk: Buffer) => {
    if (ending) return;
    const { frames, fault } = decoder.push(chunk);
    for (const frame of frames) queue.push(frame);
    if (fault) {
      reply({ version: 4, stream: fault.stream }, Opcode.error, errorBody(protocolError(fault.message)));
      ending = true;
    }
    work();
  });
  client.on("drain", work);
  client.on("error", () => client.destroy());
  client.once("close", () => clearTimeout(deadline));
}
