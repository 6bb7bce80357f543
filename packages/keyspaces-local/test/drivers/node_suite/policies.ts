import assert from "node:assert/strict";
import { policies as driverPolicies, errors, tracker, types } from "cassandra-driver";
import { type Cases, otherwise, passes } from "./case.js";
import { failureOf, keyspace, localQuorum, prepared, type World } from "./world.js";

const { addressResolution, loadBalancing, retry, speculativeExecution, timestampGeneration } = driverPolicies;
const insert = "INSERT INTO things (id, name) VALUES (?, 'x')";
const read = "SELECT name FROM things WHERE id = ?";
const idempotent = { ...prepared, isIdempotent: true };

/** Writes down what it is asked, and tries once more. */
class Recorder extends retry.RetryPolicy {
  readonly calls: unknown[][] = [];
  #answer(name: string, nbRetry: number, ...details: unknown[]) {
    this.calls.push([name, nbRetry, ...details]);
    return nbRetry === 0 ? this.retryResult(localQuorum) : this.rethrowResult();
  }
  override onWriteTimeout(...[info, consistency, received, blockFor, type]: Parameters<retry["onWriteTimeout"]>) {
    return this.#answer("write timeout", info.nbRetry, consistency, received, blockFor, type);
  }
  override onReadTimeout(...[info, consistency, received, blockFor, data]: Parameters<retry["onReadTimeout"]>) {
    return this.#answer("read timeout", info.nbRetry, consistency, received, blockFor, data);
  }
  override onUnavailable(...[info, consistency, required, alive]: Parameters<retry["onUnavailable"]>) {
    return this.#answer("unavailable", info.nbRetry, consistency, required, alive);
  }
  override onRequestError(...[info, consistency, error]: Parameters<retry["onRequestError"]>) {
    return this.#answer("request error", info.nbRetry, consistency, error.name);
  }
}
type retry = driverPolicies.retry.RetryPolicy;

/** @returns what a policy is asked when all requests are answered with an error */
async function askedAt(
  { connect, setFaults, newKey }: World,
  error: string,
  query: string,
  options: object = idempotent,
) {
  const recorder = new Recorder();
  const client = await connect({ keyspace, policies: { retry: recorder } });
  const id = newKey();
  await client.execute(query, [id], prepared);
  await setFaults({ errors: [{ error, rate: 1 }] });
  const failure = await failureOf(client.execute(query, [id], options));
  return { calls: recorder.calls, failure };
}

export const policies: Cases = {
  "a write timeout, for an idempotent statement": passes(async (world) => {
    const { calls, failure } = await askedAt(world, "writeTimeout", insert);
    const details = [localQuorum, 0, 2, "SIMPLE"];
    assert.deepEqual(calls, [
      ["write timeout", 0, ...details],
      ["write timeout", 1, ...details],
    ]);
    assert.equal(failure.code, types.responseErrorCodes.writeTimeout);
  }),
  "a write timeout, for any other": passes(async (world) => {
    const { calls, failure } = await askedAt(world, "writeTimeout", insert, prepared);
    assert.deepEqual(calls, []);
    assert.equal(failure.code, types.responseErrorCodes.writeTimeout);
  }),
  "a read timeout": passes(async (world) => {
    const { calls } = await askedAt(world, "readTimeout", read);
    assert.deepEqual(calls[0], ["read timeout", 0, localQuorum, 0, 2, 0]);
  }),
  "hosts that are unavailable": passes(async (world) => {
    const { calls } = await askedAt(world, "unavailable", read);
    assert.deepEqual(calls[0]?.slice(0, 3), ["unavailable", 0, localQuorum]);
  }),
  "an error of the server": otherwise(
    "the driver asks its policy of `overloaded` and `isBootstrapping`, and not of `serverError`, as its documentation has it",
    async (world) => {
      const { calls, failure } = await askedAt(world, "server", read);
      assert.deepEqual([calls, failure.code], [[], types.responseErrorCodes.serverError]);
    },
  ),
  "a time limit of a request": passes(async ({ connect, setFaults }) => {
    const client = await connect({ keyspace, policies: { retry: new retry.FallthroughRetryPolicy() } });
    await client.execute(read, [-1], prepared);
    await setFaults({ tables: { [`${keyspace}.things`]: { delayMs: 5000 } } });
    const failure = await failureOf(client.execute(read, [-1], { ...prepared, readTimeout: 50 }));
    assert.ok(failure instanceof errors.OperationTimedOutError);
  }),
  "a second execution where the first takes long": passes(async ({ connect, setFaults }) => {
    const policy = new speculativeExecution.ConstantSpeculativeExecutionPolicy(20, 2);
    const client = await connect({ keyspace, policies: { speculativeExecution: policy } });
    await client.execute(read, [-1], prepared);
    await setFaults({ tables: { [`${keyspace}.things`]: { delayMs: 500 } } });
    const { info } = await client.execute(read, [-1], idempotent);
    assert.equal(info.speculativeExecutions, 2);
    const plain = await client.execute(read, [-1], prepared);
    assert.equal(plain.info.speculativeExecutions, 0);
  }),
  "load balancing: each host in turn, and only those allowed": passes(async ({ connect, ready }) => {
    const inTurn = new loadBalancing.DCAwareRoundRobinPolicy(ready.region);
    const client = await connect({ keyspace, policies: { loadBalancing: inTurn } });
    const hosts = async (by: typeof client) => {
      const asked = Array.from({ length: 8 }, () => by.execute(read, [-1], prepared));
      return new Set((await Promise.all(asked)).map(({ info }) => info.queriedHost));
    };
    assert.equal((await hosts(client)).size, client.hosts.length);
    const [some = ""] = client.hosts.keys();
    const allowed = new loadBalancing.AllowListPolicy(new loadBalancing.DCAwareRoundRobinPolicy(ready.region), [some]);
    const few = await connect({ contactPoints: [some], keyspace, policies: { loadBalancing: allowed } });
    assert.deepEqual([...(await hosts(few))], [some]);
  }),
  "an address translator": passes(async ({ connect }) => {
    const seen: string[] = [];
    class Translator extends addressResolution.EC2MultiRegionTranslator {
      override translate(address: string, port: number, callback: (endpoint: string) => void): void {
        seen.push(address);
        callback(`${address}:${port}`);
      }
    }
    const client = await connect({ policies: { addressResolution: new Translator() } });
    assert.equal(seen.length, client.hosts.length - 1);
  }),
  "a generator of times": passes(async ({ connect, newKey }) => {
    const at = types.Long.fromNumber(Date.now() - 5000).multiply(1000);
    class Generator extends timestampGeneration.MonotonicTimestampGenerator {
      override next(): types.Long {
        return at;
      }
    }
    const client = await connect({ keyspace, policies: { timestampGeneration: new Generator(1000, 1000) } });
    const id = newKey();
    await client.execute("INSERT INTO stamped (id, name) VALUES (?, 'x')", [id], prepared);
    const query = "SELECT writetime(name) FROM stamped WHERE id = ?";
    assert.equal(String((await client.execute(query, [id], prepared)).first().get(0)), String(at));
  }),
  "a tracker of requests": passes(async ({ connect }) => {
    const seen: string[] = [];
    class Tracker extends tracker.RequestLogger {
      override onSuccess(...[, query]: Parameters<tracker.RequestTracker["onSuccess"]>): void {
        seen.push(String(query));
      }
      override onError(...[, query]: Parameters<tracker.RequestTracker["onError"]>): void {
        seen.push(`failed: ${query}`);
      }
    }
    const requestTracker = new Tracker({ slowThreshold: 1000 });
    const client = await connect({ keyspace, requestTracker });
    await client.execute(read, [-1], prepared);
    await failureOf(client.execute("SELECT count(*) FROM things"));
    assert.deepEqual(seen, [read, "failed: SELECT count(*) FROM things"]);
  }),
  "hundreds of requests at once": passes(async ({ client }) => {
    const asked = Array.from({ length: 300 }, () => client.execute(read, [-1], prepared));
    assert.equal((await Promise.all(asked)).filter(({ rowLength }) => rowLength === 0).length, 300);
  }),
};
