import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/keyspaces_client.js";
import { RequestsUnderWay } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/requests_under_way.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { borrowedCassandra } from "../../../keyspaces-local/test/support.js";

interface UsedConnection {
  _operations: { values(): Iterable<object> };
  closeAsync(): Promise<void>;
}

test("it holds what a Map holds, whatever comes and goes", () => {
  const [ours, map] = [new RequestsUnderWay<{ at: number }>(), new Map<number, { at: number }>()];
  const random = seededRandom(1);
  for (let at = 0; at < 3000; at++) {
    const stream = Math.floor(300 * random());
    if (random() < 0.5) {
      ours.set(stream, { at });
      map.set(stream, { at });
    } else expect(ours.delete(stream)).toBe(map.delete(stream));
    expect(ours.get(stream)).toEqual(map.get(stream));
  }
  const inOrder = [...map].sort(([a], [b]) => a - b).map(([, request]) => request);
  expect([...ours.values()]).toEqual(inOrder);
});

describe("the real driver", () => {
  let client: KeyspacesClient;

  beforeAll(async () => {
    const { host, port } = await borrowedCassandra();
    client = new KeyspacesClient({ contactPoints: [`${host}:${port}`], localDataCenter: "datacenter1" });
    await client.connect();
  });
  afterAll(() => client.shutdown());

  test("each of many requests at a time gets its own answer", async () => {
    const keys = Array.from({ length: 1000 }, (_, at) => at);
    const answers = await Promise.all(
      keys.map((key) =>
        client.execute("SELECT (int)? AS key FROM system.local", [key], { prepare: true, hints: ["int"] }),
      ),
    );
    expect(answers.map(({ rows }) => rows[0]?.key)).toEqual(keys);
  });

  test("its connections hold their requests so", () => {
    const { controlConnection } = client as unknown as { controlConnection: { connection: { _operations: unknown } } };
    expect(controlConnection.connection._operations).toBeInstanceOf(RequestsUnderWay);
  });

  test("those that are under way when their connection ends are all told", async () => {
    const { hosts } = client as unknown as { hosts: { values(): { pool: { connections: UsedConnection[] } }[] } };
    const [connection] = hosts.values()[0]!.pool.connections;
    const asked = Promise.allSettled(
      Array.from({ length: 1000 }, () => client.execute("SELECT key FROM system.local", [], { isIdempotent: false })),
    );
    while ([...connection!._operations.values()].length === 0) await new Promise(setImmediate);
    await connection!.closeAsync();
    const reasons = (await asked).map((answer) => (answer.status === "rejected" ? String(answer.reason.message) : ""));
    expect(reasons).toContain("Socket was closed");
    expect([...connection!._operations.values()]).toEqual([]);
  });
});
