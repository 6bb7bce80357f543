import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyspacesLocalOptions } from "./options.js";
import { givenOptions } from "./read_options.js";
import type { KeyspacesLocal } from "./running.js";
import { serve } from "./serve.js";

/**
 * Starts Amazon Keyspaces' stand-in for a test: on free ports, with nothing kept after `stop`, unless a port or a data directory is given,
 * here or in the environment. It ends with this process at the latest.
 *
 * @throws UsageError for an option that breaks its rule; Error on one line if Java or Maven is missing, or Cassandra does not start
 */
export async function startKeyspacesLocal(given: Partial<KeyspacesLocalOptions> = {}): Promise<KeyspacesLocal> {
  const read = givenOptions(given, { environment: process.env, cwd: process.cwd() });
  const temporary = read.given.has("dataDirectory") ? undefined : await mkdtemp(join(tmpdir(), "keyspaces-local-"));
  const options: KeyspacesLocalOptions = {
    ...read.options,
    port: read.given.has("port") ? read.options.port : 0,
    dataDirectory: temporary ?? read.options.dataDirectory,
  };
  const clear = async () => {
    if (temporary) await rm(temporary, { recursive: true, force: true });
  };
  try {
    const running = await serve(options, { discard: temporary !== undefined });
    return {
      ...running,
      async stop() {
        await running.stop();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
