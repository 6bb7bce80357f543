import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { startMoto as startMotoServer } from "@keyspaces-segmentation/aws-local";
import { PYTHON } from "@keyspaces-segmentation/local-support";
import { withEnvironment } from "./environment.js";

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

/** One moto for the tests of a file, which find it by `AWS_ENDPOINT_URL`. Its URL is known once they run. */
export function useMoto(): Pick<Moto, "url"> {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());
  withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));
  return {
    get url() {
      return moto.url;
    },
  };
}
