import { once } from "node:events";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import {
  type Gateway,
  type GatewayOptions,
  startGateway,
} from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { borrowedCassandra, clientOf, createKeyspace, createTable, region, withPassword } from "../support.js";
import { errorOf, frame, logIn, openTcp, openTls, query, startup, type WireClient } from "../wire_client.js";

const user = { userName: "noisy", password: "test" };
let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
let certificates: Certificates;
let gateway: Gateway;
const open: { close(): unknown }[] = [];

async function gatewayWith(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const started = await startGateway({
    region,
    cassandra,
    identities: [],
    certificate: certificates,
    plainUsers: [user],
    activeAfterMs: 100,
    ...options,
  });
  open.push(started);
  return started;
}
const enter = ({ port }: Gateway = gateway) => logIn(port, certificates.ca, user.userName, user.password);

beforeAll(async () => {
  [cassandra, certificates] = await Promise.all([borrowedCassandra(), makeCertificates()]);
  gateway = await gatewayWith();
  const client = clientOf(gateway.port, certificates, withPassword(user.userName, user.password));
  await client.connect();
  await createKeyspace(client, "noisy");
  await createTable(client, "noisy", "t", "(k int PRIMARY KEY, v text)");
  await client.shutdown();
});

afterAll(async () => {
  for (const { close } of open.reverse()) await close();
});

const random = seededRandom(4);
const below = (limit: number) => Math.floor(random() * limit);
const noise = (length: number) => Buffer.from(Array.from({ length }, () => below(256)));
const numbers = (count: number) => [...Array(count).keys()];
const streamsOf = (answers: readonly { stream: number }[]) => answers.map(({ stream }) => stream).sort((a, b) => a - b);

const select = "SELECT k FROM noisy.t WHERE k = 1";
const text = (words: string) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(words.length);
  return Buffer.concat([length, Buffer.from(words)]);
};
const prepare = (stream: number) => frame(stream, 0x09, text(select));
const batch = (stream: number) => {
  const statement = text("INSERT INTO noisy.t (k, v) VALUES (1, 'x')");
  const one = Buffer.concat([Buffer.from([0]), statement, Buffer.from([0, 0])]);
  return frame(stream, 0x0d, Buffer.concat([Buffer.from([1, 0, 2]), one, one, Buffer.from([0, 6, 0])]));
};

/** Makes sure that the two halves leave as two records. */
async function sendInTwo({ socket }: WireClient, bytes: Buffer, at: number): Promise<void> {
  await new Promise<void>((resolve) => socket.write(bytes.subarray(0, at), () => resolve()));
  socket.write(bytes.subarray(at));
}

describe("frames in pieces", () => {
  test("a log-in, split at every byte", async () => {
    const token = Buffer.from(`\0${user.userName}\0${user.password}`);
    const login = [
      frame(5, 0x05),
      startup,
      frame(1, 0x0f, Buffer.concat([Buffer.from([0, 0, 0, token.length]), token])),
    ];
    const bytes = Buffer.concat(login);
    for (let at = 1; at < bytes.length; at++) {
      const client = await openTls(gateway.port, certificates.ca);
      await sendInTwo(client, bytes, at);
      expect((await client.receive(3)).map(({ stream, opcode }) => [stream, opcode])).toEqual([
        [5, 0x06],
        [0, 0x03],
        [1, 0x10],
      ]);
      client.socket.destroy();
    }
  });

  test("several requests, split at every byte", async () => {
    const client = await enter();
    const bytes = Buffer.concat([query(1, select), prepare(2), batch(3), frame(4, 0x0b, "0000"), frame(5, 0x05)]);
    for (let at = 0; at <= bytes.length; at++) {
      await sendInTwo(client, bytes, at);
      const answers = await client.receive(5);
      const opcodes = answers.toSorted((a, b) => a.stream - b.stream).map(({ stream, opcode }) => [stream, opcode]);
      expect(opcodes).toEqual([
        [1, 0x08],
        [2, 0x08],
        [3, 0x08],
        [4, 0x02],
        [5, 0x06],
      ]);
    }
    client.socket.destroy();
  });

  test("a thousand requests in one piece, and one in a thousand", async () => {
    const client = await enter();
    const bytes = Buffer.concat(numbers(1000).map((stream) => query(stream, select)));
    client.send(bytes);
    expect(streamsOf(await client.receive(1000))).toEqual(numbers(1000));
    const one = query(7, `/* ${"x".repeat(1000)} */ ${select}`);
    for (const byte of one) client.send(Buffer.from([byte]));
    expect((await client.receive(1)).map(({ stream, opcode }) => [stream, opcode])).toEqual([[7, 0x08]]);
    client.socket.destroy();
  });
});

describe("frames that make no sense", () => {
  test("4,000 mutated requests get exactly one answer each", async () => {
    let client = await enter();
    const kinds = [(stream: number) => query(stream, select), prepare, batch];
    for (let round = 0; round < 80; round++) {
      const requests = numbers(50).map((stream) => {
        const bytes = kinds[below(kinds.length)]!(stream);
        for (let flips = 1 + below(3); flips > 0; flips--) bytes[9 + below(bytes.length - 9)] = below(256);
        // Its opcode or flags.
        if (random() < 0.1) bytes[random() < 0.5 ? 1 : 4] = below(256);
        return bytes;
      });
      client.send(Buffer.concat(requests));
      const answers = await client.receive(50);
      expect(streamsOf(answers)).toEqual(numbers(50));
      // Of some, Cassandra will hear no more: then the connection ends behind the answers.
      if (answers.some((answer) => answer.opcode === 0 && errorOf(answer).message.includes("closed the connection"))) {
        expect(await client.untilClosed()).toEqual([]);
        client = await enter();
      }
    }
    client.send(query(1, select));
    expect((await client.receive(1)).map(({ opcode }) => opcode)).toEqual([0x08]);
    client.socket.destroy();
  });

  test("1,000 times random bytes, before and after the log-in, end in at most one error", async () => {
    for (let round = 0; round < 1000; round++) {
      const client = round % 10 === 0 ? await enter() : await openTls(gateway.port, certificates.ca);
      const bytes = noise(1 + below(300));
      if (round % 3 === 0) bytes[0] = 4;
      client.send(bytes);
      client.socket.end();
      const answers = await client.untilClosed();
      expect(answers.length).toBeLessThanOrEqual(1);
      for (const answer of answers) expect(answer.opcode).toBe(0x00);
    }
    const client = await enter();
    client.send(query(1, select));
    expect((await client.receive(1)).map(({ opcode }) => opcode)).toEqual([0x08]);
    client.socket.destroy();
  });

  test("the requests before such a frame are answered, and the connection ends behind them", async () => {
    const client = await enter();
    client.send(Buffer.concat([...numbers(20).map((stream) => query(stream, select)), Buffer.from("05000063", "hex")]));
    const answers = await client.untilClosed();
    expect(streamsOf(answers)).toEqual([...numbers(20), 0x63]);
    expect(answers.filter(({ opcode }) => opcode === 0x08)).toHaveLength(20);
  });

  test.each([
    ["64 KB before the log-in", 64 * 1024, () => openTls(gateway.port, certificates.ca)],
    ["16 MB after it", 16 * 1024 * 1024, () => enter()],
  ])("a frame may have %s, and no more", async (_, limit, connect) => {
    const header = (bytes: number) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes);
      return Buffer.concat([Buffer.from("0400000955", "hex"), length]);
    };
    const right = await connect();
    right.send(Buffer.concat([header(limit), Buffer.alloc(limit)]));
    const [unknown] = await right.receive(1);
    expect(unknown?.stream).toBe(9);
    expect(errorOf(unknown!).message).toMatch(/opcode 85/);
    right.socket.destroy();

    const wrong = await connect();
    wrong.send(header(limit + 1));
    const [refusal] = await wrong.untilClosed();
    expect(refusal?.stream).toBe(9);
    expect(errorOf(refusal!)).toEqual({
      code: 0x0a,
      message: `Request is too big: length ${limit + 1} exceeds maximum allowed length ${limit}.`,
    });
  });

  test("plain text is refused without a word of the protocol", async () => {
    const client = await openTcp(gateway.port);
    const received: Buffer[] = [];
    client.socket.on("data", (chunk: Buffer) => received.push(chunk));
    client.send(Buffer.concat([frame(1, 0x05), startup]));
    await client.untilClosed();
    expect(Buffer.concat(received).includes(0x84)).toBe(false);
  });
});

describe("a log-in that takes too long", () => {
  test("ends, at whatever step, and one that is done goes on", async () => {
    const strict = await gatewayWith({ loginTimeoutMs: 300 });
    // A busy machine may be too slow for that: a log-in is then tried again, and a step that comes too late finds the end all the same.
    const logInTried = async () => {
      const inside = await enter(strict).catch((error: Error) => error);
      return inside instanceof Error ? { seen: inside.message } : { done: inside, seen: "logged in" };
    };
    const inside = await waitUntil("a log-in in time", logInTried, { deadlineMs: 120_000 });
    const open = () => openTls(strict.port, certificates.ca).catch(() => undefined);
    const plain = await openTcp(strict.port);
    const silent = await open();
    const started = await open();
    started?.send(startup);
    const challenged = await open();
    challenged?.send(startup);
    challenged?.send(frame(1, 0x0f, "0000000753696756340000"));
    const busy = await open();
    const asking = setInterval(() => busy?.send(frame(1, 0x05)), 20);
    await Promise.all([plain, silent, started, challenged, busy].map((client) => client?.untilClosed()));
    clearInterval(asking);
    inside.send(query(1, select));
    expect((await inside.receive(1)).map(({ opcode }) => opcode)).toEqual([0x08]);
    inside.socket.destroy();
  });
});

describe("a Cassandra that fails", () => {
  /** Stands between the gateway and Cassandra: passes answers on, holds them back, or says something else. */
  async function between(): Promise<{
    address: { host: string; port: number };
    hold: () => void;
    say: (bytes: Buffer) => void;
    breakNow: () => void;
    /** Settles when so many bytes have been asked since the last call. */
    asked: (bytes: number) => Promise<void>;
  }> {
    const pairs = new Set<{ near: Socket; far: Socket }>();
    let held = false;
    let count = 0;
    let wake = () => {};
    const server = createServer((near) => {
      const pair = { near, far: connectTcp({ port: cassandra.port, host: "127.0.0.1" }) };
      pairs.add(pair);
      near.on("data", (bytes) => {
        count += bytes.length;
        pair.far.write(bytes);
        wake();
      });
      pair.far.on("data", (bytes) => held || near.write(bytes));
      for (const [one, other] of [
        [near, pair.far],
        [pair.far, near],
      ] as const) {
        one.on("error", () => undefined);
        one.once("close", () => {
          pairs.delete(pair);
          other.destroy();
        });
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push({ close: () => server.close() });
    return {
      address: { host: "127.0.0.1", port: (server.address() as { port: number }).port },
      hold: () => {
        held = true;
        count = 0;
      },
      say: (bytes) => {
        for (const { near } of pairs) near.write(bytes);
      },
      breakNow: () => {
        for (const { near } of pairs) near.destroy();
      },
      asked: async (bytes) => {
        while (count < bytes) await new Promise<void>((resolve) => (wake = resolve));
      },
    };
  }
  const gone = [0x0000, "Cassandra closed the connection"];
  const codeAndText = (answer: Parameters<typeof errorOf>[0]) => Object.values(errorOf(answer));

  test("answers requests in flight, and those behind a USE, with an error each", async () => {
    const middle = await between();
    const fragile = await gatewayWith({ cassandra: middle.address });
    const client = await enter(fragile);
    middle.hold();
    const requests = [...numbers(20).map((stream) => query(stream, select)), prepare(20), query(21, "USE noisy")];
    client.send(Buffer.concat([...requests, ...numbers(5).map((index) => query(22 + index, "SELECT k FROM t"))]));
    await middle.asked(Buffer.concat(requests).length);
    middle.breakNow();
    const answers = await client.untilClosed();
    expect(streamsOf(answers)).toEqual(numbers(27));
    for (const answer of answers) expect(codeAndText(answer)).toEqual(gone);
  });

  test("does not leave a definition that is under way without an answer", async () => {
    const middle = await between();
    const fragile = await gatewayWith({ cassandra: middle.address });
    const client = await enter(fragile);
    middle.hold();
    const create = query(1, "CREATE TABLE noisy.u (k int PRIMARY KEY)");
    client.send(Buffer.concat([query(0, select), create, query(2, select)]));
    await middle.asked(2 * select.length);
    middle.breakNow();
    const answers = await client.untilClosed();
    expect(streamsOf(answers)).toEqual(numbers(3));
    for (const { opcode } of answers) expect(opcode).toBe(0x00);
  });

  test("and talks nonsense is given up, with an error for each request in flight", async () => {
    for (const nonsense of [
      Buffer.from("deadbeefdeadbeefdeadbeef", "hex"),
      Buffer.from("040000010000000000", "hex"),
      Buffer.from("84000001080fffffff", "hex"),
      // Frames, as such, but no results of PREPARE and USE.
      Buffer.concat([frame(20, 0x08, "00000004", 0x84), frame(21, 0x08, "", 0x84)]),
    ]) {
      const middle = await between();
      const fragile = await gatewayWith({ cassandra: middle.address });
      const client = await enter(fragile);
      middle.hold();
      const requests = Buffer.concat([query(1, select), prepare(20), query(21, "USE noisy"), query(22, select)]);
      client.send(requests);
      await middle.asked(requests.length - query(22, select).length);
      middle.say(nonsense);
      // The largest frame only begins: nothing is wrong with it until the connection ends.
      if (nonsense[4] === 0x08 && nonsense.length === 9) middle.breakNow();
      const answers = await client.untilClosed();
      expect(streamsOf(answers)).toEqual([1, 20, 21, 22]);
      for (const { opcode } of answers) expect(opcode).toBe(0x00);
    }
  });

  test("and answers what nobody asked is not heard", async () => {
    const middle = await between();
    const fragile = await gatewayWith({ cassandra: middle.address });
    const client = await enter(fragile);
    middle.say(frame(99, 0x08, "00000001", 0x84));
    middle.say(frame(-1, 0x0c, "00000001", 0x84));
    client.send(query(1, select));
    expect((await client.receive(1)).map(({ stream }) => stream)).toEqual([1]);
    client.send(frame(2, 0x05));
    expect((await client.receive(1)).map(({ stream }) => stream)).toEqual([2]);
    client.socket.destroy();
  });
});
