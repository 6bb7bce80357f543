import { beforeAll } from "@jest/globals";
import { borrowMoto } from "./borrow.js";
import { withEnvironment } from "./environment.js";

export interface Moto {
  readonly url: string;
}

/** moto, a stand-in for S3, STS, IAM and SageMaker's control plane, with nothing in it, this suite's alone; for one that needs two, the other. */
export async function borrowedMoto(which: "one" | "other" = "one"): Promise<Moto> {
  return { url: `http://127.0.0.1:${await borrowMoto(which)}` };
}

/** One moto for the tests of a file, which find it by `AWS_ENDPOINT_URL`. Its URL is known once they run. */
export function useMoto(): Moto {
  let moto: Moto;
  beforeAll(async () => {
    moto = await borrowedMoto();
  });
  withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));
  return {
    get url() {
      return moto.url;
    },
  };
}
