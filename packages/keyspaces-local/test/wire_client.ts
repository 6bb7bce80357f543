import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/**
 * A client of the binary protocol that does as it is told, right or wrong. It shares nothing with the gateway's own
 * codec, so that the two cannot make the same mistake.
 */
export interface WireClient {
  readonly socket: Socket;
  send(bytes: Buffer): void;
  /** The next answers in the order of their arrival. */
  receive(count: number): Promise<Answer[]>;
  /** Everything until the other side hangs up. */
  untilClosed(): Promise<Answer[]>;
}

export interface Answer {
  readonly stream: number;
  readonly opcode: number;
  readonly body: Buffer;
}

export const frame = (stream: number, opcode: number, body: Buffer | string = "", version = 4): Buffer => {
  const bytes = typeof body === "string" ? Buffer.from(body, "hex") : body;
  const header = Buffer.alloc(9);
  header.writeUInt8(version, 0);
  header.writeInt16BE(stream, 2);
  header.writeUInt8(opcode, 4);
  header.writeUInt32BE(bytes.length, 5);
  return Buffer.concat([header, bytes]);
};

/** A QUERY at LOCAL_QUORUM without values. */
export const query = (stream: number, text: string, version = 4): Buffer => {
  const bytes = Buffer.alloc(4 + Buffer.byteLength(text) + 3);
  bytes.writeInt32BE(Buffer.byteLength(text), 0);
  bytes.write(text, 4);
  bytes.writeUInt16BE(6, bytes.length - 3);
  return frame(stream, 0x07, bytes, version);
};

export const startup: Buffer = frame(0, 0x01, "0001000b43514c5f56455253494f4e0005332e302e30");

export function errorOf({ body }: Answer): { code: number; message: string } {
  return { code: body.readInt32BE(0), message: body.subarray(6, 6 + body.readUInt16BE(4)).toString() };
}

function over(socket: Socket): WireClient {
  let unread = Buffer.alloc(0);
  const answers: Answer[] = [];
  const arrived: (() => void)[] = [];
  const wake = () => {
    for (const resume of arrived.splice(0)) resume();
  };
  socket.on("data", (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    while (unread.length >= 9 && unread.length >= 9 + unread.readUInt32BE(5)) {
      const end = 9 + unread.readUInt32BE(5);
      answers.push({ stream: unread.readInt16BE(2), opcode: unread[4]!, body: unread.subarray(9, end) });
      unread = unread.subarray(end);
    }
    wake();
  });
  socket.on("error", () => undefined);
  socket.once("close", wake);
  const until = async (enough: () => boolean) => {
    while (!enough()) await new Promise<void>((resolve) => arrived.push(resolve));
  };
  return {
    socket,
    send: (bytes) => {
      socket.write(bytes);
    },
    receive: async (count) => {
      await until(() => answers.length >= count || socket.destroyed);
      return answers.splice(0, count);
    },
    untilClosed: async () => {
      await until(() => socket.destroyed);
      return answers.splice(0);
    },
  };
}

export async function openTcp(port: number): Promise<WireClient> {
  const socket = connectTcp({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  return over(socket);
}

export async function openTls(port: number, ca: string): Promise<WireClient> {
  const socket = connectTls({ port, host: "127.0.0.1", ca: [ca], servername: "localhost" });
  await once(socket, "secureConnect");
  return over(socket);
}

/** Past STARTUP and a log-in with user name and password. */
export async function logIn(port: number, ca: string, userName: string, password: string): Promise<WireClient> {
  const client = await openTls(port, ca);
  const token = Buffer.from(`\0${userName}\0${password}`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(token.length);
  client.send(startup);
  await client.receive(1);
  client.send(frame(0, 0x0f, Buffer.concat([length, token])));
  const [answer] = await client.receive(1);
  if (answer?.opcode !== 0x10) throw new Error("Log-in was refused");
  return client;
}
