import { join } from "node:path";
import { type Service, startService } from "@keyspaces-segmentation/local-support";

export interface MotoOptions {
  /** The Python that has moto[server] installed. */
  python: string;
  /** Where its log goes. */
  directory: string;
  signal?: AbortSignal | undefined;
}

/**
 * Starts moto, which keeps S3, KMS, IAM and CloudWatch Logs in memory, on a free loopback port.
 *
 * @throws Error with its last lines of output, if it does not start
 */
export async function startMoto({ python, directory, signal }: MotoOptions): Promise<Service & { port: number }> {
  let port = 0;
  const service = await startService({
    name: "moto",
    command: python,
    // Port 0: moto asks the system for a free one and says which. Looking for one ourselves would be a race.
    args: ["-m", "moto.server", "--host", "127.0.0.1", "--port", "0"],
    env: { ...process.env, PYTHONUNBUFFERED: "1" },
    logFile: join(directory, "moto.log"),
    isReady: async (output) => {
      port = Number(/Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1] ?? 0);
      return port > 0 && (await answers(port));
    },
    deadlineMs: 60_000,
    signal,
  });
  return { ...service, port };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/moto-api/`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
