import { sortInPlace } from "@keyspaces-segmentation/common";

/** The quantile of values, linearly interpolated (as `quantile` of NumPy and pandas); NaN of none. `part` is from 0 to 1. */
export function quantileOf(values: readonly number[] | Float64Array, part: number): number {
  return quantileOfSorted(sortInPlace(new Float64Array(values)), part);
}

/** The same of values in ascending order, for those who ask more than once. */
export function quantileOfSorted(sorted: Float64Array, part: number): number {
  const position = part * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  return low + (position - below) * ((sorted[below + 1] ?? low) - low);
}
