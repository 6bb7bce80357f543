import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMoto } from "@keyspaces-segmentation/aws-local/dist/moto.js";
import { startCassandra } from "@keyspaces-segmentation/keyspaces-local/dist/cassandra/cassandra.js";
import type { CassandraPartitioner } from "@keyspaces-segmentation/keyspaces-local/dist/cassandra/partitioner.js";
import { CASSANDRA_JARS, PYTHON, type Service } from "@keyspaces-segmentation/local-support";
import { emptyCassandra } from "./empty_cassandra.js";
import { neverRestarted } from "./java_options.js";
import { LENDER_VARIABLE } from "./lender_variable.js";

type Lent = Service & { readonly port: number };

const starters: Record<string, (directory: string, kind: string) => Promise<Lent>> = {
  cassandra: (directory, kind) => {
    const partitioner = kind as CassandraPartitioner;
    return neverRestarted(() => startCassandra({ directory, jars: CASSANDRA_JARS, partitioner }));
  },
  moto: (directory) => startMoto({ python: PYTHON, directory }),
};

/** Puts a service in the state of a new one: whatever suite had it before is none of the next one's business. */
const emptiers: Record<string, (port: number) => Promise<void>> = {
  cassandra: emptyCassandra,
  async moto(port) {
    const { ok, status } = await fetch(`http://127.0.0.1:${port}/moto-api/reset`, { method: "POST" });
    if (!ok) throw new Error(`moto answered ${status} to its reset`);
  },
};

export interface Lender {
  stop(): Promise<void>;
}

/**
 * Lends suites the services that take seconds to start: one of a kind for each worker of Jest, started for the first suite there that
 * asks, and empty again for the next. They belong to Jest's own process, since a suite knows nothing of the one before.
 */
export async function startLender(): Promise<Lender> {
  const directory = mkdtempSync(join(tmpdir(), "lent-"));
  const lent = new Map<string, Promise<Lent>>();
  const lend = async (path: string): Promise<number> => {
    const [, name = "", kind = ""] = path.split("/");
    const known = lent.get(path);
    if (known) {
      const { port } = await known;
      await emptiers[name]!(port);
      return port;
    }
    const folder = join(directory, String(lent.size));
    const starting = mkdir(folder).then(() => starters[name]!(folder, kind));
    lent.set(path, starting);
    starting.catch(() => lent.delete(path));
    return (await starting).port;
  };
  const server = createServer(({ url = "" }, response) => {
    lend(url).then(
      (port) => response.end(String(port)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  const socket = join(directory, "socket");
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  server.unref();
  process.env[LENDER_VARIABLE] = socket;
  return {
    async stop() {
      server.close();
      const started = await Promise.allSettled(lent.values());
      await Promise.all(started.map((one) => (one.status === "fulfilled" ? one.value.stop(0) : undefined)));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
