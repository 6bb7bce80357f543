import { applyScaler, type Scaling } from "@keyspaces-segmentation/customer-clusters";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { loadDanfo } from "./column_frame.js";
import type { DataFrame } from "./frame.js";
import { markdown } from "./markdown.js";

/** A part of the range, or of a standard deviation, that would be seen in a table or chart. */
const VISIBLE = 1e-5;

/**
 * Scaled features as a DataFrame, for looking at: scaled by danfo's `MinMaxScaler` or, of logarithms, its `StandardScaler`. They compute in
 * float32; where that is off by more than {@link VISIBLE} somewhere, the frame has what was scaled in doubles. Of more than `atMost` rows it
 * has the first, in doubles, and says so.
 *
 * @param scaled what `features` were scaled to
 */
export function scaledFrame(
  scaled: Matrix,
  features: Matrix,
  { scaling, columns: names, atMost }: { scaling: Scaling; columns: readonly string[]; atMost: number },
): DataFrame {
  const danfo = loadDanfo();
  const { rows, columns, values } = scaled;
  const frameOf = (matrix: Matrix): DataFrame => {
    const rowOf = (i: number) => [...matrix.values.subarray(i * columns, (i + 1) * columns)];
    return new danfo.DataFrame(
      Array.from({ length: matrix.rows }, (_, i) => rowOf(i)),
      { columns: [...names] },
    );
  };
  if (rows > atMost) {
    markdown`The frame has the first ${atMost} of ${rows} customers; charts and training take all.`;
    return frameOf({ values: values.subarray(0, atMost * columns), rows: atMost, columns });
  }
  // The curve alone, neither shifted nor stretched: the features themselves, or their logarithms.
  const flat = (value: number) => Array.from({ length: columns }, () => value);
  const curved = applyScaler(features, { scaling, offset: flat(0), factor: flat(1) });
  const DanfoScaler = scaling === "min_max" ? danfo.MinMaxScaler : danfo.StandardScaler;
  let frame = frameOf(curved);
  // Tensors are not freed by themselves.
  danfo.tensorflow.tidy(() => {
    frame = new DanfoScaler().fitTransform(frame) as DataFrame;
  });
  const shown = (frame.values as number[][]).flat();
  return shown.every((value, at) => Math.abs(value - values[at]!) <= VISIBLE) ? frame : frameOf(scaled);
}
