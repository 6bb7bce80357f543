import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer as createTcpServer, type Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { connectToKeyspaces, endpointOf } from "@keyspaces-segmentation/keyspaces-bulk/dist/connect.js";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import { freePort } from "../../../test/support/free_port.js";
import { sessionOf } from "../../../test/support/session.js";

let folder: string;
let ours: Certificates;
let ourCa: string;
let otherCa: string;
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "connect-"));
  ours = await makeCertificates();
  ourCa = join(folder, "ours.pem");
  otherCa = join(folder, "other.pem");
  await writeFile(ourCa, ours.ca);
  await writeFile(otherCa, (await makeCertificates()).ca);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});
afterAll(() => rm(folder, { recursive: true }));

async function listen(server: Server, host: string): Promise<number> {
  servers.push(server);
  server.on("connection", (socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((listening) => server.listen(0, host, listening));
  return (server.address() as AddressInfo).port;
}

/** A CQL frame (version 4) with a server error, on the stream of the request it answers. */
function serverError(request: Buffer, message: string): Buffer {
  const body = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, message.length]), Buffer.from(message)]);
  const header = Buffer.from([0x84, 0, request[2] as number, request[3] as number, 0, 0, 0, 0, body.length]);
  return Buffer.concat([header, body]);
}

/** A TLS server that keeps what it is sent and says that it will not serve. Its certificate is for localhost and 127.0.0.1. */
async function tlsServer(
  host = "127.0.0.1",
  { cert, key }: Certificates = ours,
): Promise<{ port: number; received: Buffer[] }> {
  const received: Buffer[] = [];
  const server = createServer({ cert, key }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received.push(bytes);
      socket.write(serverError(bytes, "closed today"));
    });
  });
  server.on("tlsClientError", () => undefined);
  return { port: await listen(server, host), received };
}

async function failureToConnect(host: string, port: number, caFile: string | null): Promise<StepError> {
  const settings = { keyspacesEndpoint: { host, port }, keyspacesCaFile: caFile };
  const thrown = await connectToKeyspaces(sessionOf(), settings).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(StepError);
  expect((thrown as StepError).message).toContain(
    `connect to Amazon Keyspaces at ${host}:${port} in us-east-1 as ${sessionOf().arn}`,
  );
  return thrown as StepError;
}

/** Lets the driver wait for half a second, not for five, until a connection is made. */
async function withoutPatience<T>(work: () => Promise<T>): Promise<T> {
  const { setTimeout } = Socket.prototype;
  const spy = jest.spyOn(Socket.prototype, "setTimeout").mockImplementation(function (this: Socket, ms, call) {
    return setTimeout.call(this, ms / 10, call);
  });
  try {
    return await work();
  } finally {
    spy.mockRestore();
  }
}

/** The failure to connect to a server that answers no more once it is reached, with the driver's seconds of waiting passing at once. */
async function failureOfWaiting(server: Server, reached: "connection" | "secureConnection"): Promise<StepError> {
  const port = await listen(server, "127.0.0.1");
  jest.useFakeTimers({
    doNotFake: ["nextTick", "queueMicrotask", "setImmediate", "clearImmediate", "Date", "performance"],
  });
  try {
    const arrived = once(server, reached);
    const failure = failureToConnect("127.0.0.1", port, ourCa);
    await arrived;
    let over = false;
    void failure.finally(() => {
      over = true;
    });
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      jest.advanceTimersByTime(100);
    }
    return await failure;
  } finally {
    jest.useRealTimers();
  }
}

describe("a server", () => {
  test.each(["127.0.0.1", "localhost"])("with a trusted certificate for its name %s is spoken to", async (host) => {
    const { port, received } = await tlsServer();
    const { message } = await failureToConnect(host, port, ourCa);
    expect(message).toMatch(/: closed today\.$/);
    // Version 4, opcode STARTUP.
    expect([received[0]?.[0], received[0]?.[4]]).toEqual([0x04, 0x01]);
  });

  test("with a certificate of another authority is told nothing", async () => {
    const { port, received } = await tlsServer();
    for (const ca of [otherCa, null]) {
      const { message, hint } = await failureToConnect("localhost", port, ca);
      expect(message).toMatch(/certificate/);
      expect(hint).toContain("KEYSPACES_CA_FILE");
    }
    expect(received).toEqual([]);
  });

  test("with a certificate for another name is told nothing", async () => {
    const { port, received } = await tlsServer("127.0.0.2");
    const { message, hint } = await failureToConnect("127.0.0.2", port, ourCa);
    expect(message).toMatch(/altnames/);
    expect(hint).toContain("did not prove that it is that host");
    expect(received).toEqual([]);
  });

  test("with a certificate whose time is over is told nothing", async () => {
    const stale = await makeCertificates(new Date("2020-02-29"));
    const staleCa = join(folder, "stale.pem");
    await writeFile(staleCa, stale.ca);
    const { port, received } = await tlsServer("127.0.0.1", stale);
    const { message, hint } = await failureToConnect("localhost", port, staleCa);
    expect(message).toMatch(/certificate has expired/);
    expect(hint).toContain("clock");
    expect(received).toEqual([]);
  });
});

test("a host that hangs up before TLS", async () => {
  const port = await listen(
    createTcpServer((socket) => socket.destroy()),
    "127.0.0.1",
  );
  const { hint } = await failureToConnect("127.0.0.1", port, ourCa);
  expect(hint).toContain("9142");
});

test("a host whose name nobody knows", async () => {
  const { hint } = await failureToConnect("cassandra.nowhere.invalid", 9142, ourCa);
  expect(hint).toContain("That name is not known");
});

test.each([0, 1.5, 101, Number.NaN])("%p connections are refused", async (connections) => {
  const settings = { keyspacesEndpoint: null, keyspacesCaFile: null };
  await expect(connectToKeyspaces(sessionOf(), settings, { connections })).rejects.toThrow(
    `Expected \`connections\` to be an integer from 1 to 100, got ${connections}`,
  );
});

test("where nobody listens", async () => {
  const { message, hint } = await failureToConnect("127.0.0.1", await freePort(), ourCa);
  expect(message).toContain("ECONNREFUSED");
  expect(hint).toContain("npm run local");
});

test("a port that stays silent, as 9042 does, is given up", async () => {
  const { hint } = await withoutPatience(() => failureOfWaiting(createTcpServer(), "connection"));
  expect(hint).toContain("9142");
});

test("a server that speaks TLS and answers no request is given up", async () => {
  const { cert, key } = ours;
  const server = createServer({ cert, key }, (socket) => {
    socket.on("error", () => undefined).resume();
  });
  const { message, hint } = await failureOfWaiting(server, "secureConnection");
  expect(message).toMatch(/did not reply/);
  expect(hint).toContain("9142");
});

test("an attempt that is interrupted ends at once, and leaves nothing open", async () => {
  const silent = createTcpServer();
  const port = await listen(silent, "127.0.0.1");
  const dialled = once(silent, "connection") as Promise<[Socket]>;
  const interrupt = new AbortController();
  const settings = { keyspacesEndpoint: { host: "127.0.0.1", port }, keyspacesCaFile: ourCa };
  let over = false;
  await withoutPatience(async () => {
    const attempt = connectToKeyspaces(sessionOf(), settings, { signal: interrupt.signal }).finally(() => {
      over = true;
    });
    const [socket] = await dialled;
    const closed = once(socket.resume(), "close").then(() => over);
    interrupt.abort(new Error("interrupted"));
    await expect(attempt).rejects.toThrow("interrupted");
    expect(await closed).toBe(true);
  });
});

test("a missing file of authorities is named before anything is dialled", async () => {
  const settings = { keyspacesEndpoint: { host: "127.0.0.1", port: 1 }, keyspacesCaFile: join(folder, "none.pem") };
  await expect(connectToKeyspaces(sessionOf(), settings)).rejects.toThrow(
    /^Could not read the certificate authorities in .*none\.pem: .*ENOENT/,
  );
});

test("the endpoint of a region", () => {
  expect(endpointOf("eu-west-1")).toEqual({ host: "cassandra.eu-west-1.amazonaws.com", port: 9142 });
  expect(endpointOf("cn-north-1").host).toBe("cassandra.cn-north-1.amazonaws.com.cn");
});

test("the FIPS endpoint is asked for where the SDK is told to use it", async () => {
  process.env.AWS_USE_FIPS_ENDPOINT = "true";
  try {
    const settings = { keyspacesEndpoint: null, keyspacesCaFile: null };
    await expect(connectToKeyspaces(sessionOf({ region: "eu-west-1" }), settings)).rejects.toThrow(
      "Could not find the FIPS endpoint of Amazon Keyspaces in eu-west-1",
    );
  } finally {
    delete process.env.AWS_USE_FIPS_ENDPOINT;
  }
});
