import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import type { StepError } from "@keyspaces-segmentation/common";
import { waitUntil } from "@keyspaces-segmentation/common";
import { type ConnectOptions, connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk/dist/connect.js";
import { addConnections, openConnections } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/connections.js";
import { reconnection } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/reconnection.js";
import { keyspacesFailure } from "@keyspaces-segmentation/keyspaces-bulk/dist/failure.js";
import { type RetryOptions, withRetries } from "@keyspaces-segmentation/keyspaces-bulk/dist/retry.js";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import { createFaults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import {
  type Gateway,
  type GatewayOptions,
  startGateway,
} from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { type Identity, ROOT, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { Client } from "cassandra-driver";
import { type Detour, openDetour } from "../../../../test/support/detour.js";
import { sessionOf } from "../../../../test/support/session.js";
import { borrowedCassandra, region } from "../../../keyspaces-local/test/support.js";

let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
let certificates: Certificates;
let folder: string;
let caFile: string;
let gateway: Gateway;
let detour: Detour;
/** The principal that the gateway knows; tests put others in its place. */
let identities: Identity[];
const clients: Client[] = [];
const more: { close(): Promise<void> }[] = [];

const open = (options: Partial<GatewayOptions> = {}) =>
  startGateway({ region, cassandra, identities, certificate: certificates, activeAfterMs: 100, ...options });

beforeAll(async () => {
  [cassandra, certificates] = await Promise.all([borrowedCassandra(), makeCertificates()]);
  folder = await mkdtemp(join(tmpdir(), "reconnection-"));
  caFile = join(folder, "ca.pem");
  await writeFile(caFile, certificates.ca);
  identities = [temporaryIdentity()];
  gateway = await open();
  detour = await openDetour(gateway.port);
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.shutdown()));
  await Promise.all(more.splice(0).map((gateway) => gateway.close()));
});
afterAll(async () => {
  await detour.shut();
  await gateway.close();
  await rm(folder, { recursive: true });
});

const sessionFor = (changes: Partial<AwsSession> = {}): AwsSession =>
  sessionOf({ region, credentials: async () => identities[0] as Identity, ...changes });
const settingsFor = (host = "localhost", port = detour.port) => ({
  keyspacesEndpoint: { host, port },
  keyspacesCaFile: caFile,
});

async function connect(session = sessionFor(), settings = settingsFor(), options: ConnectOptions = {}) {
  const client = await connectToKeyspaces(session, settings, options);
  clients.push(client);
  return client;
}

const ask = (client: Client) => client.execute("SELECT key FROM system.local");

/** With no pause that matters, so that a test takes as long as the driver does. */
const eagerly = (options: RetryOptions = {}): RetryOptions => ({ capMs: 100, ...options });

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Waits for something that the driver does in the background. */
const until = (what: string, holds: () => boolean | Promise<boolean>) =>
  waitUntil(what, async () => ((await holds()) ? { done: true, seen: "" } : { seen: "not so" }), {
    deadlineMs: 60_000,
    firstDelayMs: 10,
    maxDelayMs: 100,
  });

describe("a service that does not let us in is worded with endpoint, region, identity and what to do:", () => {
  const shifted = (ms: number) => () => new Date(Date.now() + ms);

  test.each<[string, () => Partial<AwsSession>, Partial<GatewayOptions>, RegExp, string]>([
    [
      "a wrong secret",
      () => ({ credentials: async () => ({ ...(identities[0] as Identity), secretAccessKey: "wrong" }) }),
      {},
      /Invalid signature/,
      "secret key",
    ],
    [
      "a session token of another time",
      () => ({ credentials: async () => ({ ...(identities[0] as Identity), sessionToken: "of yesterday" }) }),
      {},
      /Invalid signature/,
      "session token is wrong or has expired",
    ],
    ["another region's signature", () => ({ region: "eu-north-1" }), {}, /Invalid signature/, "another region"],
    ["a wrong clock", () => ({}), { now: shifted(3_600_000) }, /Invalid signature/, "clock is wrong"],
    [
      "credentials that have expired",
      () => ({ credentials: async () => ({ ...(identities[0] as Identity), expiration: new Date(0) }) }),
      {},
      /expired at 1970-01-01T00:00:00\.000Z/,
      "aws sso login",
    ],
    [
      "an identity without permissions",
      () => ({}),
      { identities: [{ ...temporaryIdentity("none"), accessKeyId: "AKIANONE" }] },
      /has no permissions/,
      "cassandra:Select on /keyspace/system*",
    ],
  ])("%s", async (_name, changes, options, got, hint) => {
    const strict = await open(options);
    more.push(strict);
    const [stranger] = options.identities ?? [];
    const session = sessionFor({ ...(stranger && { credentials: async () => stranger }), ...changes() });
    const error = (await failureOf(connect(session, settingsFor("localhost", strict.port)))) as StepError;
    const to = `Amazon Keyspaces at localhost:${strict.port} in ${session.region} as ${session.arn}`;
    expect(error.message).toMatch(got);
    expect(error.message.startsWith(`Could not connect to ${to}: `)).toBe(true);
    expect(error.hint).toContain(hint);
  });

  test("a data center of another region, and nothing is left open", async () => {
    const elsewhere = await open();
    more.push(elsewhere);
    const way = await openDetour(elsewhere.port);
    // The last gateway that starts writes down whose data center it is.
    await (await open({ region: "eu-north-1" })).close();
    try {
      const error = await failureOf(connect(sessionFor(), settingsFor("localhost", way.port)));
      expect(error).toMatchObject({
        message: expect.stringContaining("eu-north-1"),
        hint: "The endpoint belongs to another region.",
      });
      await until("the connection to be closed", () => way.open === 0);
    } finally {
      await way.shut();
      await (await open()).close();
    }
  });

  test("a port that answers without TLS, as Cassandra's own does", async () => {
    const error = await failureOf(connect(sessionFor(), settingsFor("127.0.0.1", cassandra.port)));
    expect(error).toMatchObject({ hint: "That port does not speak TLS. Keyspaces listens on 9142." });
  });
});

describe("connections", () => {
  test("are as many to each host as asked for, and more when more are needed", async () => {
    const client = await connect(sessionFor(), settingsFor(), { connections: 3 });
    expect(openConnections(client)).toBe(3);
    expect(await addConnections(client, 2)).toBe(3);
    expect(await addConnections(client, 5)).toBe(5);
    expect(detour.open).toBe(5);
  });

  test("to the addresses that the service announces prove the endpoint's name, and count too", async () => {
    const direct = new Client({ contactPoints: [`127.0.0.1:${cassandra.port}`], localDataCenter: "datacenter1" });
    const other = await openDetour(gateway.port, { host: "127.0.0.2", port: detour.port });
    const peer =
      "INSERT INTO system_gateway.peers (peer, rpc_address, data_center, rack, release_version, host_id, tokens) ";
    await direct.execute(
      `${peer} VALUES ('127.0.0.2', '127.0.0.2', '${region}', '${region}', '3.11.2', uuid(), {'0'})`,
    );
    try {
      // The certificate is for localhost and 127.0.0.1, not for 127.0.0.2.
      for (const host of ["localhost", "127.0.0.1"]) {
        const client = await connect(sessionFor(), settingsFor(host));
        expect(client.getState().getConnectedHosts()).toHaveLength(2);
        expect(openConnections(client)).toBe(4);
        expect(await addConnections(client, 5)).toBe(6);
        expect(other.open).toBe(3);
        await client.shutdown();
        await until("the connections to be closed", () => other.open + detour.open === 0);
      }
    } finally {
      await direct.execute("DELETE FROM system_gateway.peers WHERE peer = '127.0.0.2'");
      await direct.shutdown();
      await other.shut();
    }
  });

  test("come back, the same number, however often all of them are lost", async () => {
    const client = await connect();
    await addConnections(client, 3);
    for (let loss = 0; loss < 3; loss++) {
      // Lost for a moment, or for as long as it takes to notice three times.
      detour.cut();
      await withRetries(() => ask(client), eagerly());
      await until("three connections again", () => openConnections(client) === 3);
      await detour.shut();
      let retries = 0;
      const onRetry = () => {
        retries++;
        if (retries === 3) void detour.reopen();
      };
      await withRetries(() => ask(client), eagerly({ onRetry }));
      expect(retries).toBeGreaterThanOrEqual(3);
      await until("three connections again", () => openConnections(client) === 3);
      expect(detour.open).toBe(3);
    }
    await client.shutdown();
    await until("all to be closed", () => detour.open === 0);
  });

  test("are tried after pauses that double, and begin anew with each log-in that works", () => {
    const { options, loggedIn } = reconnection(region, "somewhere");
    const pauses = options.policies?.reconnection?.newSchedule() as Iterator<number>;
    const next = () => pauses.next().value as number;
    for (let round = 0; round < 2; round++) {
      for (const pause of [100, 200, 400, 800, 1600, 2000, 2000]) {
        const actual = next();
        expect(actual).toBeGreaterThanOrEqual(pause * 0.85);
        expect(actual).toBeLessThanOrEqual(pause * 1.15);
      }
      loggedIn();
    }
  });

  test("that have gone silent are given up and replaced", async () => {
    const client = await connect();
    detour.silence();
    const before = detour.accepted;
    const quickly = { prepare: false, readTimeout: 200 };
    const seen: unknown[] = [];
    const onRetry = (error: unknown) => seen.push(error);
    await withRetries(() => client.execute("SELECT key FROM system.local", [], quickly), eagerly({ onRetry }));
    expect(seen[0]).toMatchObject({ message: expect.stringContaining("did not reply before timeout") });
    expect(detour.accepted).toBeGreaterThan(before);
  });
});

describe("a request", () => {
  test("that is under way when the connection breaks is tried again", async () => {
    const client = await connect();
    await ask(client);
    detour.silence();
    const seen: unknown[] = [];
    const pending = withRetries(() => ask(client), eagerly({ onRetry: (error) => seen.push(error) }));
    await until("the request to be under way", () => client.getState().toString().includes(":1}"));
    detour.cut();
    expect((await pending).rowLength).toBe(1);
    expect(seen[0]).toMatchObject({ isSocketError: true });
  });

  test("whatever it is, comes through while connections break again and again", async () => {
    const client = await connect();
    const shapes = new Set<string>();
    const onRetry = (error: unknown) => shapes.add((error as Error).message.replace(/\d+/g, "n"));
    let answers = 0;
    let cuts = 0;
    // Whatever the pace, the first connections break with all requests under way.
    detour.silence();
    // Half of them statements that are new to the driver and have to be prepared first.
    const requests = Array.from({ length: 400 }, async (_, i) => {
      const query = `SELECT key FROM system.local${i % 2 ? ` LIMIT ${i}` : ""}`;
      const { rowLength } = await withRetries(() => client.execute(query), eagerly({ onRetry }));
      // Not in the middle of a log-in: the driver would wait out its timeout.
      if (++answers >= 40 * (cuts + 1) && openConnections(client) === 2) {
        cuts++;
        detour.cut();
      }
      return rowLength;
    });
    await until("requests to be under way", () => {
      const state = client.getState();
      return state.getConnectedHosts().some((host) => state.getInFlightQueries(host) > 0);
    });
    detour.cut();
    expect(await Promise.all(requests)).toEqual(requests.map(() => 1));
    expect([...shapes].join()).toContain("Socket was closed");
  });

  test("that was prepared goes on after the service was replaced by one that does not know it", async () => {
    const replaced = await open();
    const way = await openDetour(replaced.port);
    const client = await connect(sessionFor(), settingsFor("localhost", way.port));
    const query = "SELECT key FROM system.local WHERE key = ?";
    await client.execute(query, ["local"]);
    const successor = await open();
    more.push(successor);
    way.leadTo(successor.port);
    await replaced.close();
    expect((await withRetries(() => client.execute(query, ["local"]), eagerly())).rowLength).toBe(1);
    await client.shutdown();
    await way.shut();
  });

  test("without any connection is told why, and given up after its time with the same words", async () => {
    const client = await connect();
    await detour.shut();
    try {
      await until("an attempt to connect to fail", async () =>
        /ECONNREFUSED/.test(String(await failureOf(ask(client)))),
      );
      const to = `Amazon Keyspaces at localhost:${detour.port} in ${region} as ${sessionFor().arn}`;
      const error = keyspacesFailure("read the table ks.t", await failureOf(ask(client)));
      expect(error.message).toMatch(/^Could not read the table ks\.t: .*ECONNREFUSED/);
      expect(error.message).toContain(`there is no connection left to ${to}: `);
      expect(error.hint).toContain("Nothing listens there");
      await expect(withRetries(() => ask(client), eagerly({ deadlineMs: 500 }))).rejects.toMatchObject({
        message: expect.stringContaining(to),
        hint: expect.stringContaining("Nothing listens there"),
      });
    } finally {
      await detour.reopen();
    }
  });

  test("after the end is not tried again", async () => {
    const client = await connect();
    await client.shutdown();
    let retries = 0;
    const error = await failureOf(withRetries(() => ask(client), eagerly({ onRetry: () => void retries++ })));
    expect(error).toMatchObject({ message: expect.stringContaining("after shutdown") });
    expect(retries).toBe(0);
  });
});

describe("credentials", () => {
  test("that were renewed are used for the connections that come back, and the old ones would be refused", async () => {
    const client = await connect();
    for (let renewal = 0; renewal < 3; renewal++) {
      const [old] = identities.splice(0, 1, temporaryIdentity());
      const stale = sessionFor({ credentials: async () => old as Identity });
      expect(await failureOf(connect(stale))).toMatchObject({ message: expect.stringContaining("Invalid signature") });
      detour.cut();
      await withRetries(() => ask(client), eagerly());
      await until("both connections again", () => openConnections(client) === 2);
    }
  });

  test.each([
    ["do not say so", {}],
    ["say so", { expiration: new Date(0) }],
  ])(
    "whose time is over and that %s are resolved anew for every new connection, the first one too",
    async (_, about) => {
      let kept = { ...temporaryIdentity(), ...about };
      const renewed: boolean[] = [];
      const credentials = async ({ forceRefresh = false } = {}) => {
        if (forceRefresh) kept = identities[0] as Identity;
        renewed.push(forceRefresh);
        return kept;
      };
      const client = await connect(sessionFor({ credentials }));
      expect(renewed).toContain(true);
      identities.splice(0, 1, temporaryIdentity());
      detour.cut();
      expect((await withRetries(() => ask(client), eagerly())).rowLength).toBe(1);
      await until("both connections again", () => openConnections(client) === 2);
      renewed.length = 0;
      detour.cut();
      await until("both connections again", () => openConnections(client) === 2);
      expect(renewed).not.toContain(true);
    },
  );

  test("that come a little late do not end the work", async () => {
    const current = identities[0] as Identity;
    let stale = 0;
    const credentials = async () => (stale-- > 0 ? { ...current, secretAccessKey: "of before" } : current);
    const client = await connect(sessionFor({ credentials }));
    stale = 2;
    detour.cut();
    expect((await withRetries(() => ask(client), eagerly())).rowLength).toBe(1);
  });

  test.each([
    [
      "cannot be renewed",
      () => Promise.reject(new Error("The SSO session has ended")),
      /SSO session has ended/,
      "sso login",
    ],
    [
      "are refused from now on",
      async () => ({ accessKeyId: "AKIAGONE", secretAccessKey: "s" }),
      /Invalid signature/,
      "has expired",
    ],
  ])(
    "that %s end the work soon, in words, and it goes on when there are good ones again",
    async (_, bad, got, hint) => {
      let good = true;
      const credentials = async () => (good ? (identities[0] as Identity) : bad());
      const session = sessionFor({ credentials });
      const client = await connect(session);
      good = false;
      detour.cut();
      const error = keyspacesFailure("store rows", await failureOf(withRetries(() => ask(client), eagerly())));
      expect(error.message).toMatch(
        /^Could not store rows: there is no connection left to Amazon Keyspaces at localhost:/,
      );
      expect(error.message).toContain(`in ${region} as ${session.arn}: `);
      expect(error.message).toMatch(got);
      expect(error.hint).toContain(hint);
      good = true;
      await until("the client to be back", async () => (await failureOf(ask(client))) === undefined);
      await until("both connections again", () => openConnections(client) === 2);
    },
  );
});

describe("a program", () => {
  const script = join(ROOT, "test/fixtures/processes/keyspaces_client.mjs");
  let child: ChildProcess;
  const tell = async (message: string | object): Promise<unknown> => {
    if (!child.connected) throw new Error(`The program has ended, with ${child.exitCode}`);
    const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`The program ended with ${code}`)));
    const answer = Promise.race([once(child, "message"), ended]);
    child.send(message);
    return (await answer)[0];
  };

  test("whose credentials and server are gone neither crashes nor hangs, and ends when it shuts down", async () => {
    child = fork(script);
    const exit = once(child, "exit");
    const session = { region, account: "1", arn: "arn:x", userId: "u" };
    expect(await tell({ session, settings: settingsFor(), identity: identities[0] })).toEqual({ done: true });
    await tell("lose credentials");
    detour.cut();
    await until("its log-ins to fail", async () => /SSO session has ended/.test(JSON.stringify(await tell("ask"))));
    await detour.shut();
    try {
      await until("its attempts to connect to fail", async () =>
        /ECONNREFUSED/.test(JSON.stringify(await tell("ask"))),
      );
      expect(await tell("shut down")).toEqual({ done: true });
      expect(await exit).toEqual([0, null]);
    } finally {
      await detour.reopen();
    }
  });

  test("whose connections end at every request by which one is set up goes on, and comes back", async () => {
    const faults = createFaults();
    const failing = await open({ faults });
    more.push(failing);
    child = fork(script);
    const exit = once(child, "exit");
    const session = { region, account: "1", arn: "arn:x", userId: "u" };
    const settings = settingsFor("localhost", failing.port);
    expect(await tell({ session, settings, identity: identities[0] })).toEqual({ done: true });
    // What the driver asks of its control connection are fewer.
    for (let request = 1; request <= 6; request++) {
      faults.dropAfterFrames = request;
      const enough = faults.injected.dropped + 3;
      await until(`three connections to end at request ${request}`, async () => {
        await tell("ask");
        return faults.injected.dropped >= enough;
      });
    }
    faults.dropAfterFrames = undefined;
    await until("it to be back", async () => JSON.stringify(await tell("ask")) === JSON.stringify({ done: true }));
    expect(await tell("shut down")).toEqual({ done: true });
    expect(await exit).toEqual([0, null]);
  });

  test("that shuts down while its server is silent ends too", async () => {
    child = fork(script);
    const exit = once(child, "exit");
    const session = { region, account: "1", arn: "arn:x", userId: "u" };
    expect(await tell({ session, settings: settingsFor(), identity: identities[0] })).toEqual({ done: true });
    detour.silence();
    expect(await tell("shut down")).toEqual({ done: true });
    expect(await exit).toEqual([0, null]);
  });
});
