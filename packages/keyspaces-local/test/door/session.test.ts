import { connect as connectTcp, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import { type Gateway, startGateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { borrowedCassandra, clientOf, createKeyspace, createTable, region, withPassword } from "../support.js";
import { errorOf, frame, logIn, openTcp, openTls, query, startup } from "../wire_client.js";

const user = { userName: "wire", password: "test" };
let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
let certificates: Certificates;
let gateway: Gateway;

const open = (address: { host: string; port: number } = cassandra) =>
  startGateway({
    region,
    cassandra: address,
    identities: [],
    certificate: certificates,
    plainUsers: [user],
    activeAfterMs: 100,
    // Cassandra's own pages, to be compared byte for byte.
    pages: { maxBytes: Number.POSITIVE_INFINITY, emptyScanPages: 0 },
  });
const enter = ({ port }: Gateway = gateway) => logIn(port, certificates.ca, user.userName, user.password);

beforeAll(async () => {
  [cassandra, certificates] = await Promise.all([borrowedCassandra(), makeCertificates()]);
  gateway = await open();
  const client = clientOf(gateway.port, certificates, withPassword(user.userName, user.password));
  await client.connect();
  await createKeyspace(client, "wire");
  await createTable(client, "wire", "t", "(k int PRIMARY KEY, v text)");
  for (let k = 0; k < 40; k++) {
    await client.execute("INSERT INTO wire.t (k, v) VALUES (?, ?)", [k, "x".repeat(50_000)], { prepare: true });
  }
  await client.shutdown();
});

afterAll(async () => {
  await gateway.close();
});

describe("before the log-in", () => {
  test("OPTIONS tells the CQL version and an empty list of compressions", async () => {
    const client = await openTls(gateway.port, certificates.ca);
    client.send(frame(5, 0x05));
    const [answer] = await client.receive(1);
    expect([answer?.stream, answer?.opcode]).toEqual([5, 0x06]);
    // [string multimap] with CQL_VERSION: 3.4.4 and COMPRESSION: nothing.
    const supported = "0002000b43514c5f56455253494f4e00010005332e342e34000b434f4d5052455353494f4e0000";
    expect(answer?.body.toString("hex")).toBe(supported);
    client.socket.destroy();
  });

  test.each([0x42, 0x05, 0x06, 0x02, 0x84])(
    "version byte %p gets one error that names it, and then the end",
    async (version) => {
      const client = await openTls(gateway.port, certificates.ca);
      client.send(frame(3, 0x01, "", version));
      const answers = await client.untilClosed();
      expect(answers).toHaveLength(1);
      expect([answers[0]?.stream, answers[0]?.opcode]).toEqual([3, 0x00]);
      const { code, message } = errorOf(answers[0]!);
      expect(code).toBe(0x0a);
      expect(message).toContain("Invalid or unsupported protocol version (");
    },
  );

  test("STARTUP names the service's authenticator", async () => {
    const client = await openTls(gateway.port, certificates.ca);
    client.send(startup);
    const [answer] = await client.receive(1);
    expect(answer?.opcode).toBe(0x03);
    expect(answer?.body.subarray(2).toString()).toBe("com.amazon.helenus.auth.HelenusAuthenticator");
    client.socket.destroy();
  });

  test("SigV4 is challenged with 32 characters, others each time", async () => {
    const nonces = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const client = await openTls(gateway.port, certificates.ca);
      client.send(startup);
      client.send(frame(1, 0x0f, "0000000753696756340000"));
      const [, challenge] = await client.receive(2);
      expect(challenge?.opcode).toBe(0x0e);
      expect(challenge?.body.subarray(4).toString()).toMatch(/^nonce=[0-9a-f]{32}$/);
      nonces.add(challenge?.body.toString() ?? "");
      client.socket.destroy();
    }
    expect(nonces.size).toBe(3);
  });

  test("compression, queries and a second STARTUP are protocol errors on their own streams", async () => {
    const client = await openTls(gateway.port, certificates.ca);
    client.send(query(7, "SELECT * FROM wire.t"));
    client.send(frame(8, 0x01, "0001000b434f4d5052455353494f4e00036c7a34"));
    client.send(startup);
    client.send(frame(9, 0x01, "0000"));
    const answers = await client.receive(4);
    expect(answers.map(({ stream, opcode }) => [stream, opcode])).toEqual([
      [7, 0x00],
      [8, 0x00],
      [0, 0x03],
      [9, 0x00],
    ]);
    for (const index of [0, 1, 3]) expect(errorOf(answers[index]!).code).toBe(0x0a);
    client.socket.destroy();
  });
});

describe("after the log-in", () => {
  test.each([3, 4])("version %p: answers come from Cassandra byte for byte", async (version) => {
    const direct = await openTcp(cassandra.port);
    direct.send(frame(0, 0x01, "0001000b43514c5f56455253494f4e0005332e302e30", version));
    await direct.receive(1);
    const client = await openTls(gateway.port, certificates.ca);
    const token = Buffer.from(`\0${user.userName}\0${user.password}`);
    client.send(frame(0, 0x01, "0001000b43514c5f56455253494f4e0005332e302e30", version));
    client.send(frame(0, 0x0f, Buffer.concat([Buffer.from([0, 0, 0, token.length]), token]), version));
    await client.receive(2);
    for (const [index, text] of ["SELECT * FROM wire.t", "SELECT nothing FROM wire.t"].entries()) {
      direct.send(query(index, text, version));
      client.send(query(index, text, version));
      const [[through], [straight]] = [await client.receive(1), await direct.receive(1)];
      expect([through?.stream, through?.opcode]).toEqual([straight?.stream, straight?.opcode]);
      expect(through?.body.length).toBe(straight?.body.length);
      expect(straight && through?.body.equals(straight.body)).toBe(true);
    }
    direct.socket.destroy();
    client.socket.destroy();
  });

  test("an unknown prepared id comes back in the error", async () => {
    const client = await enter();
    client.send(frame(4, 0x0a, "0003abcdef000600"));
    const [answer] = await client.receive(1);
    expect(errorOf(answer!).code).toBe(0x2500);
    expect(answer?.body.subarray(-5).toString("hex")).toBe("0003abcdef");
    client.socket.destroy();
  });

  test("ANY is refused in its own name", async () => {
    const client = await enter();
    const insert = query(1, "INSERT INTO wire.t (k) VALUES (1)");
    insert.writeUInt16BE(0, insert.length - 3);
    client.send(insert);
    const [answer] = await client.receive(1);
    expect(errorOf(answer!).message).toMatch(/^Consistency level ANY is not supported/);
    client.socket.destroy();
  });

  test("protocol 5's keyspace of a single request is refused, which Cassandra would heed", async () => {
    const client = await enter();
    const text = Buffer.from("INSERT INTO t (k) VALUES (1)");
    const statement = Buffer.concat([Buffer.from([0, 0, 0, text.length]), text]);
    const parameters = Buffer.concat([Buffer.from([0, 6, 0x80, 0, 4]), Buffer.from("wire")]);
    client.send(query(1, "USE wire"));
    client.send(frame(2, 0x07, Buffer.concat([statement, parameters])));
    client.send(frame(3, 0x0d, Buffer.concat([Buffer.from([1, 0, 1, 0]), statement, Buffer.from([0, 0]), parameters])));
    const [, ...answers] = await client.receive(3);
    expect(answers.map((answer) => errorOf(answer).code)).toEqual([0x0a, 0x0a]);
    client.socket.destroy();
  });

  test("a stream that waits for its answer takes no second request", async () => {
    const client = await enter();
    client.send(Buffer.concat([query(1, "SELECT v FROM wire.t"), query(1, "USE system_schema_mcs")]));
    const answers = await client.receive(2);
    expect(answers.map(({ opcode }) => opcode).toSorted()).toEqual([0x00, 0x08]);
    expect(errorOf(answers.find(({ opcode }) => opcode === 0)!).code).toBe(0x0a);
    client.send(query(1, "SELECT k FROM wire.t WHERE k = 1"));
    expect((await client.receive(1))[0]).toMatchObject({ stream: 1, opcode: 0x08 });
    client.socket.destroy();
  });

  test("what comes behind a USE waits for it", async () => {
    const client = await enter();
    client.send(Buffer.concat([query(1, "USE wire"), query(2, "SELECT k FROM t WHERE k = 1")]));
    const answers = await client.receive(2);
    expect(answers.map(({ stream, opcode }) => [stream, opcode])).toEqual([
      [1, 0x08],
      [2, 0x08],
    ]);
    client.socket.destroy();
  });

  test("every request gets exactly one answer, whatever it is", async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const noise = () => Buffer.from(Array.from({ length: random(40) }, () => random(256)));
    const opcodes = [0x00, 0x02, 0x03, 0x05, 0x06, 0x08, 0x0b, 0x0c, 0x0d, 0x0a, 0x0f, 0x10, 0x55, 0xff];
    const client = await enter();
    const count = 600;
    for (let stream = 0; stream < count; stream++) {
      const kind = stream % 4;
      if (kind === 0) client.send(query(stream, "SELECT k FROM wire.t WHERE k = 1"));
      else if (kind === 1) client.send(frame(stream, 0x07, noise()));
      else if (kind === 2) client.send(frame(stream, 0x09, noise()));
      else client.send(frame(stream, opcodes[random(opcodes.length)]!, noise()));
    }
    client.send(frame(count, 0x05));
    const answers = await client.receive(count + 1);
    expect(answers.map(({ stream }) => stream).sort((a, b) => a - b)).toEqual([...Array(count + 1).keys()]);
    client.socket.destroy();
  });

  test("events are told by their names", async () => {
    const client = await enter();
    const register = (event: string) => Buffer.from(`\0\x01\0${String.fromCharCode(event.length)}${event}`, "latin1");
    // In any case, as Cassandra reads them.
    for (const [stream, event] of ["SCHEMA_CHANGE", "status_change", "TRACE_COMPLETE", "SCHEMA"].entries())
      client.send(frame(stream, 0x0b, register(event)));
    const answers = await client.receive(4);
    expect(answers.map(({ opcode }) => opcode)).toEqual([0x02, 0x02, 0x02, 0x00]);
    expect(errorOf(answers[3]!)).toEqual({ code: 0x0a, message: "Invalid value 'SCHEMA' for Type" });
    client.socket.destroy();
  });

  test("random bytes end in one error and the end of the connection", async () => {
    const client = await enter();
    client.send(Buffer.from("deadbeefdeadbeefdeadbeef", "hex"));
    expect((await client.untilClosed()).map(({ opcode }) => opcode)).toEqual([0x00]);
  });

  test("a client that goes on talking after its end does not keep the connection", async () => {
    const client = await enter();
    Object.assign(client.socket, { allowHalfOpen: true });
    client.send(Buffer.from("deadbeef", "hex"));
    const talking = setInterval(() => client.send(Buffer.from("more")), 200);
    const ended = client.untilClosed().then(() => "ended");
    const outcome = await Promise.race([ended, delay(10_000, "still open", { ref: false })]);
    clearInterval(talking);
    client.socket.destroy();
    expect(outcome).toBe("ended");
  });

  test("a client that reads slowly gets everything, and the others are not kept waiting", async () => {
    const slow = await enter();
    slow.socket.pause();
    const rounds = 20;
    for (let stream = 0; stream < rounds; stream++) slow.send(query(stream, "SELECT * FROM wire.t"));
    const quick = await enter();
    quick.send(query(1, "SELECT k FROM wire.t WHERE k = 1"));
    expect(await quick.receive(1)).toHaveLength(1);
    slow.socket.resume();
    const answers = await slow.receive(rounds);
    expect(answers).toHaveLength(rounds);
    for (const { body } of answers) expect(body.length).toBeGreaterThan(40 * 50_000);
    for (const { socket } of [slow, quick]) socket.destroy();
  });
});

describe("without its Cassandra", () => {
  /** Passes bytes on until told to be dead. */
  async function breakable(port: number): Promise<{ port: number; breakNow: () => Promise<void> }> {
    const sockets = new Set<Socket>();
    const server: Server = createServer((near) => {
      const far = connectTcp({ port, host: "127.0.0.1" });
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on("error", () => undefined);
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      port: (server.address() as { port: number }).port,
      breakNow: async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        for (const socket of sockets) socket.destroy();
        await closed;
      },
    };
  }

  test("connections end, new ones are refused, and the gateway can be closed", async () => {
    const middle = await breakable(cassandra.port);
    const fragile = await open({ host: "127.0.0.1", port: middle.port });
    const client = await enter(fragile);
    await middle.breakNow();
    expect(await client.untilClosed()).toEqual([]);
    await expect(enter(fragile)).rejects.toThrow("Log-in was refused");
    await fragile.close();
  });

  test("a gateway does not start", async () => {
    const middle = await breakable(cassandra.port);
    await middle.breakNow();
    await expect(open({ host: "127.0.0.1", port: middle.port })).rejects.toThrow("ECONNREFUSED");
  });
});

test("closing ends every connection, one in the middle of its handshake too", async () => {
  const closing = await open();
  const inside = await enter(closing);
  const silent = await openTcp(closing.port);
  await closing.close();
  await closing.close();
  await Promise.all([inside.untilClosed(), silent.untilClosed()]);
  await expect(openTcp(closing.port)).rejects.toThrow("ECONNREFUSED");
});
