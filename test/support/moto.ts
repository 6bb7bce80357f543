import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startService } from "../../local/process.js";

export interface Moto {
  url: string;
  stop(): Promise<void>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Starts moto, a stand-in for S3, STS, IAM and SageMaker's control plane, with nothing in it. */
export async function startMoto(): Promise<Moto> {
  const folder = await mkdtemp(join(tmpdir(), "moto-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = await startService({
    name: "moto",
    command: process.env.PYTHON ?? resolve(__dirname, "../../../.venv/bin/python"),
    args: ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)],
    logFile: join(folder, "moto.log"),
    deadlineMs: 60_000,
    isReady: async () => (await fetch(`${url}/moto-api/`).catch(() => undefined))?.ok ?? false,
  });
  return {
    url,
    async stop() {
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
