import { borrowMoto } from "./borrow.js";

export interface Moto {
  readonly url: string;
}

/** moto, a stand-in for S3, STS, IAM and SageMaker's control plane, with nothing in it, this suite's alone; for one that needs two, the other. */
export async function borrowedMoto(which: "one" | "other" = "one"): Promise<Moto> {
  return { url: `http://127.0.0.1:${await borrowMoto(which)}` };
}
