import type { Matrix } from "../matrix.js";
import { nearest } from "../matrix.js";
import { readRows } from "./payload.js";
import { chooseType, writePredictions } from "./predictions.js";

export interface Invocation {
  readonly body: Buffer;
  readonly contentType: string;
  readonly accept: string | undefined;
}

/**
 * What the container answers to one request.
 *
 * @throws InvocationFailure
 */
export function invoke(centroids: Matrix, request: Invocation): { body: Buffer; contentType: string } {
  const contentType = chooseType(request.accept);
  const rows = readRows(request.body, request.contentType, centroids.columns);
  const predictions = rows.map((row) => {
    const { cluster, distance } = nearest(row, centroids);
    return { cluster, distance: Math.fround(distance) };
  });
  return { body: writePredictions(predictions, contentType), contentType };
}
