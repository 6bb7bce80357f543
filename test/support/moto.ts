import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMoto as startMotoServer } from "@keyspaces-segmentation/aws-local";
import { PYTHON } from "@keyspaces-segmentation/local-support";

export interface Moto {
  url: string;
  stop(): Promise<void>;
}

/** Starts moto, a stand-in for S3, STS, IAM and SageMaker's control plane, with nothing in it. */
export async function startMoto(): Promise<Moto> {
  const directory = await mkdtemp(join(tmpdir(), "moto-"));
  const service = await startMotoServer({ python: PYTHON, directory });
  return {
    url: `http://127.0.0.1:${service.port}`,
    async stop() {
      await service.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
