/** A k and how closely its centroids describe the rows. */
export interface InertiaOfK {
  readonly k: number;
  readonly inertia: number;
}

/**
 * The k at which more clusters stop paying off: both axes brought to 0 … 1, the point of the inertia curve farthest below
 * the chord from its first to its last point (Satopää et al., "Finding a 'Kneedle' in a haystack", ICDCSW 2011).
 * The result depends on the range of k that the curve spans.
 *
 * @param curve in ascending order of k
 * @returns null where no point lies below the chord: fewer than three, a straight line, or a curve that bends the other way
 */
export function elbowOf(curve: readonly InertiaOfK[]): number | null {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || !(first.inertia > last.inertia)) return null;
  let elbow: number | null = null;
  let most = 1e-9;
  for (const { k, inertia } of curve) {
    const along = (k - first.k) / (last.k - first.k);
    const up = (inertia - last.inertia) / (first.inertia - last.inertia);
    const below = 1 - along - up;
    if (below > most) {
      most = below;
      elbow = k;
    }
  }
  return elbow;
}
