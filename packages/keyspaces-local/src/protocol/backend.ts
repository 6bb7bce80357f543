import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { copyFrame, type Decoded, encodeFrame, type Frame, Opcode } from "./frame.js";
import { createFrameReader } from "./frame_reader.js";
import { LOCAL_QUORUM, longStringOf, stringMapOf } from "./notation.js";
import { createOutbox, type Outbox } from "./outbox.js";
import { type BoundValue, queryBody } from "./own_query.js";
import { ErrorCode, Refusal } from "./refusal.js";
import { readError } from "./responses.js";
import { type Row, readRows } from "./rows.js";
import { createStreams, type Streams } from "./streams.js";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Cassandra sends what it is asked for; only the protocol limits the size of an answer. */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/** A connection to Cassandra that is past its STARTUP. */
export interface Link {
  readonly socket: Socket;
  readonly outbox: Outbox;
  /**
   * Where what it sends goes from now on: in place of `data`, which the socket does not have. The memory of its frames is used again, see
   * {@link FrameReader}.
   */
  readonly receive: (take: (decoded: Decoded) => void) => void;
}

/** Opens a connection in the given protocol version; Cassandra wants all of a connection's frames in the same one. */
export async function openLink({ host, port }: Address, version: number): Promise<Link> {
  const reader = createFrameReader("response", MAX_RESPONSE_BYTES);
  let take = (_decoded: Decoded): void => undefined;
  const socket = connect({
    host,
    port,
    noDelay: true,
    onread: {
      buffer: reader.space,
      callback: (bytes) => {
        take(reader.took(bytes));
        return true;
      },
    },
  });
  try {
    await once(socket, "connect");
    const startup = stringMapOf({ CQL_VERSION: "3.0.0" });
    socket.write(encodeFrame("request", { version, stream: 0, opcode: Opcode.startup }, startup));
    for (let frames: Frame[] = []; frames.length === 0; ) {
      const received = new Promise<Decoded>((resolve) => {
        take = resolve;
      });
      const decoded = await Promise.race([received, closing(socket)]);
      if (decoded.fault) throw new Error(`Cassandra answered with what is no frame: ${decoded.fault.message}`);
      ({ frames } = decoded);
      if (frames[0] && frames[0].opcode !== Opcode.ready)
        throw new Error("Cassandra did not answer STARTUP with READY");
    }
    socket.pause();
    const receive: Link["receive"] = (taker) => {
      take = taker;
    };
    return { socket, outbox: createOutbox(socket), receive };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function closing(socket: Socket): Promise<never> {
  await once(socket, "close");
  throw new Error("Cassandra closed the connection");
}

/** The gateway's own connection to Cassandra, for definitions and for what its system tables say. */
export interface Backend {
  /** Sends one statement and gives the answer's frame, an ERROR too. Connects again if the connection was lost. */
  ask(text: string, values?: readonly BoundValue[]): Promise<Frame>;
  /** Has a statement read but not carried out. @returns the answer's frame, an ERROR where there is something wrong with it */
  prepare(text: string): Promise<Frame>;
  /** @throws Refusal with Cassandra's words if the answer is an ERROR */
  query(text: string, values?: readonly BoundValue[]): Promise<Row[]>;
  close(): void;
}

interface OpenConnection {
  socket: Socket;
  waiting: Streams<{ resolve: (frame: Frame) => void; reject: (error: Error) => void }>;
  nextStream: number;
}

/** How many requests of one connection can wait for their answers. */
const STREAMS = 32768;

/** @throws Refusal where all of them wait */
function freeStream(connection: OpenConnection): number {
  const { waiting } = connection;
  if (waiting.size >= STREAMS) {
    throw new Refusal(
      ErrorCode.overloaded,
      `The gateway's own connection to Cassandra has ${STREAMS} requests that wait for their answers, as many as it can: try again later`,
    );
  }
  let stream = connection.nextStream;
  while (waiting.has(stream)) stream = (stream + 1) % STREAMS;
  connection.nextStream = (stream + 1) % STREAMS;
  return stream;
}

export function createBackend(address: Address): Backend {
  let opening: Promise<OpenConnection> | undefined;
  let closed = false;

  const open = async (): Promise<OpenConnection> => {
    const { socket, receive } = await openLink(address, 4);
    const connection: OpenConnection = { socket, waiting: createStreams(), nextStream: 0 };
    receive(({ frames, fault }) => {
      for (const frame of frames) {
        connection.waiting.get(frame.stream)?.resolve(copyFrame(frame));
        connection.waiting.delete(frame.stream);
      }
      if (fault) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.once("close", () => {
      opening = undefined;
      const { waiting } = connection;
      for (const stream of waiting.ids()) waiting.get(stream)!.reject(new Error("Cassandra closed the connection"));
    });
    if (closed) socket.destroy();
    socket.resume();
    return connection;
  };

  const send = async (opcode: number, body: Buffer): Promise<Frame> => {
    if (closed) throw new Error("The gateway is closed");
    opening ??= open();
    const connection = await opening.catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return new Promise<Frame>((resolve, reject) => {
      if (connection.socket.destroyed) return reject(new Error("Cassandra closed the connection"));
      const stream = freeStream(connection);
      connection.waiting.set(stream, { resolve, reject });
      connection.socket.write(encodeFrame("request", { version: 4, stream, opcode }, body));
    });
  };
  const ask: Backend["ask"] = (text, values = []) => send(Opcode.query, queryBody(text, LOCAL_QUORUM, values));

  return {
    ask,
    prepare: (text) => send(Opcode.prepare, longStringOf(text)),
    query: async (text, values) => {
      const frame = await ask(text, values);
      if (frame.opcode === Opcode.error) throw readError(frame);
      // Without a page size in the request, Cassandra answers with all rows at once.
      return readRows(frame);
    },
    close: () => {
      closed = true;
      void opening?.then(
        ({ socket }) => socket.destroy(),
        () => undefined,
      );
    },
  };
}
