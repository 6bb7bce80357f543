import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/keyspaces_client.js";
import { RequestsUnderWay } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/requests_under_way.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { borrowedCassandra } from "../../../keyspaces-local/test/support.js";

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
});
