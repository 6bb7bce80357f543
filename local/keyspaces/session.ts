import type { Socket } from "node:net";
import { type Address, type Link, openLink } from "./backend.js";
import type { Capacity } from "./capacity.js";
import type { Definer } from "./define.js";
import { createDropper, dropsLogin, type Faults } from "./faults.js";
import { createFrameDecoder, encodeFrame, Flag, type Frame, Opcode } from "./frame.js";
import { AUTHENTICATOR, beginHandshake, type Door, finishHandshake } from "./handshake.js";
import { bytesOf, createReader, stringMultimapOf, stringOf } from "./notation.js";
import type { Pages } from "./paging.js";
import type { PreparedStatements } from "./prepared.js";
import { ErrorCode, protocolError, Refusal } from "./refusal.js";
import type { RequestContext } from "./request_context.js";
import { handleRequest } from "./request_handler.js";
import { errorBody } from "./responses.js";
import type { NodeView } from "./system_tables.js";

export interface SessionOptions extends Definer {
  readonly cassandra: Address;
  readonly door: Door;
  readonly prepared: PreparedStatements;
  readonly loggedBatches: "refuse" | "accept";
  readonly nodes: NodeView;
  readonly capacity: Capacity;
  readonly pages: Pages;
  /** What a test lets go wrong; undefined for nothing. */
  readonly faults?: Faults | undefined;
}

type State =
  | { readonly name: "new" }
  | { readonly name: "authenticating" }
  | { readonly name: "challenged"; readonly nonce: string }
  | { readonly name: "ready"; readonly link: Link; readonly context: RequestContext };

/** How much may wait to be sent before the other side is read no further. */
const HIGH_WATER_BYTES = 512 * 1024;
const isFull = (socket: Socket | undefined): boolean => (socket?.writableLength ?? 0) > HIGH_WATER_BYTES;

/** How long a client may take to hang up after its last answer, however much it has still to say. */
const LINGER_MS = 2000;

/**
 * Serves one client connection. Frames are taken strictly in order; those that only pass are handed to Cassandra
 * without waiting for their answers, those that change the connection or the schema hold up the ones behind them.
 */
export function serveSession(client: Socket, options: SessionOptions): void {
  const { faults } = options;
  const isDropped = faults && createDropper(faults);
  const decoder = createFrameDecoder("request");
  const queue: Frame[] = [];
  let state: State = { name: "new" };
  let busy = false;
  let ending = false;

  const reply = (frame: Frame, opcode: number, body: Buffer) => {
    if (client.writableEnded || client.destroyed) return;
    client.write(encodeFrame("response", { version: frame.version, stream: frame.stream, opcode }, body));
  };
  const drop = () => {
    ending = true;
    queue.length = 0;
    client.destroy();
  };
  const hangUp = () => {
    ending = true;
    queue.length = 0;
    // What the client still sends is read and dropped: closing on unread bytes would reset the connection, and the
    // answer could be lost with it.
    client.end();
    const linger = setTimeout(() => client.destroy(), LINGER_MS);
    client.once("close", () => clearTimeout(linger));
  };
  const fail = (frame: Frame, error: unknown) => {
    const refusal =
      error instanceof Refusal ? error : new Refusal(ErrorCode.server, `Internal error: ${(error as Error).message}`);
    reply(frame, Opcode.error, errorBody(refusal));
    // After a refused log-in there is nothing left to say on this connection.
    if (state.name !== "ready" && refusal.code !== ErrorCode.protocol) hangUp();
  };

  const connectToCassandra = async (version: number): Promise<void> => {
    const link = await openLink(options.cassandra, version);
    if (client.destroyed) {
      link.socket.destroy();
      return;
    }
    const context: RequestContext = {
      ...options,
      keyspace: undefined,
      requests: options.capacity.newConnection(),
      inFlight: new Set(),
      intercepted: new Map(),
      link,
      client,
    };
    relayAnswers(context);
    link.socket.on("drain", work);
    client.once("close", () => link.socket.destroy());
    state = { name: "ready", link, context };
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
    if (state.name === "authenticating") {
      const step = beginHandshake(token, options.door);
      if ("challenge" in step) {
        state = { name: "challenged", nonce: step.nonce };
        return reply(frame, Opcode.authChallenge, bytesOf(step.challenge));
      }
    } else if (state.name === "challenged") finishHandshake(token, state.nonce, options.door);
    else throw protocolError("Unexpected message AUTH_RESPONSE");
    if (faults && dropsLogin(faults)) return drop();
    await connectToCassandra(frame.version);
    reply(frame, Opcode.authSuccess, bytesOf(null));
  };

  /** Goes on until there is nothing to do, or something to wait for: an answer, or a peer that reads slowly. */
  const work = (): void => {
    const backend = state.name === "ready" ? state.link.socket : undefined;
    client.cork();
    backend?.cork();
    while (queue.length > 0 && !busy && !ending && !isFull(client) && !isFull(backend)) {
      const frame = queue.shift()!;
      try {
        const pending = handle(frame);
        if (pending) void settle(frame, pending);
      } catch (error) {
        fail(frame, error);
      }
    }
    backend?.uncork();
    client.uncork();
    if (queue.length > 0) client.pause();
    else if (!ending) client.resume();
  };
  const settle = async (frame: Frame, pending: Promise<void>) => {
    busy = true;
    try {
      await pending;
    } catch (error) {
      fail(frame, error);
    }
    busy = false;
    work();
  };

  client.on("data", (chunk: Buffer) => {
    if (ending) return;
    const { frames, fault } = decoder.push(chunk);
    for (const frame of frames) queue.push(frame);
    work();
    if (!fault) return;
    const header = { version: 4, stream: fault.stream, opcode: Opcode.error };
    if (!ending) client.write(encodeFrame("response", header, errorBody(protocolError(fault.message))));
    hangUp();
  });
  client.on("drain", work);
  client.on("error", () => client.destroy());
}

/** Cassandra's answers, byte for byte, but for those that the gateway waits for itself. */
function relayAnswers({ link, client, inFlight, intercepted }: RequestContext): void {
  const { socket, decoder } = link;
  socket.on("data", (chunk: Buffer) => {
    if (client.writableEnded) return;
    client.cork();
    for (const frame of decoder.push(chunk).frames) {
      inFlight.delete(frame.stream);
      const take = intercepted.size > 0 ? intercepted.get(frame.stream) : undefined;
      if (!take) client.write(frame.bytes);
      else {
        intercepted.delete(frame.stream);
        take(frame);
      }
    }
    client.uncork();
    if (isFull(client)) {
      socket.pause();
      client.once("drain", () => socket.resume());
    }
  });
  // Without its database a connection is of no use: the driver will look for another.
  socket.on("error", () => undefined);
  socket.once("close", () => client.destroy());
  socket.resume();
}
