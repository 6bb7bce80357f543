import { ArgumentError } from "@keyspaces-segmentation/common";
import type { KSweepRow } from "./k_sweep.js";

/** A proposal; the choice stays with whoever runs campaigns on the clusters. */
export interface SuggestedK {
  readonly k: number;
  /** Why, in words. */
  readonly reason: string;
  /** What each measure alone would choose; null where it is not defined. */
  readonly elbow: number | null;
  readonly silhouette: number | null;
  readonly daviesBouldin: number | null;
  readonly calinskiHarabasz: number | null;
}

/**
 * Proposes a k: the elbow of the inertia curve or, where it has none, the highest silhouette. Silhouette does not lead, because on
 * customers it mostly says 2: those who buy much and those who buy little are always the clearest split, and the least useful one.
 *
 * @param sweep of `sweepK`, in ascending order of k
 * @throws ArgumentError when the sweep is empty
 */
export function suggestK(sweep: readonly KSweepRow[]): SuggestedK {
  if (sweep.length < 1) throw new ArgumentError("sweep", "at least one row", sweep.length);
  const elbow = elbowOf(sweep);
  const choices = {
    silhouette: bestBy(sweep, ({ silhouette }) => silhouette),
    daviesBouldin: bestBy(sweep, ({ daviesBouldin }) => daviesBouldin && -daviesBouldin),
    // Of clusters that hold nothing but equals it is 1 by convention, and without bound by its formula.
    calinskiHarabasz: bestBy(sweep, ({ calinskiHarabasz, inertia }) =>
      calinskiHarabasz !== null && inertia === 0 ? Number.MAX_VALUE : calinskiHarabasz,
    ),
  };
  const k = elbow ?? choices.silhouette ?? sweep[0]!.k;
  return { k, reason: reasonFor(k, elbow, choices), elbow, ...choices };
}

function bestBy(sweep: readonly KSweepRow[], scoreOf: (row: KSweepRow) => number | null): number | null {
  let best: { k: number; score: number } | null = null;
  for (const row of sweep) {
    const score = scoreOf(row);
    if (score !== null && (best === null || score > best.score)) best = { k: row.k, score };
  }
  return best?.k ?? null;
}

const LABELS = {
  silhouette: "silhouette",
  daviesBouldin: "Davies–Bouldin",
  calinskiHarabasz: "Calinski–Harabasz",
} as const;

function reasonFor(k: number, elbow: number | null, choices: Record<keyof typeof LABELS, number | null>): string {
  const measures = Object.keys(LABELS) as (keyof typeof LABELS)[];
  const lead =
    elbow !== null
      ? `Up to ${k} clusters each further one makes them clearly tighter, after that it gains less (the elbow of the inertia curve).`
      : choices.silhouette !== null
        ? `The inertia curve has no elbow; ${k} clusters have the highest silhouette.`
        : k === 1
          ? "All are alike: one cluster holds them, and there is nothing to tell others by."
          : `Nothing can be compared; ${k} is what was tried first.`;
  const others = [...new Set(measures.map((measure) => choices[measure]))].filter(
    (other) => other !== null && other !== k,
  );
  const views = others
    .sort((a, b) => a! - b!)
    .map((other) =>
      `${listOf(measures.filter((measure) => choices[measure] === other).map((m) => LABELS[m]))} prefer ${other}`.replace(
        /^(\S+) prefer/,
        "$1 prefers",
      ),
    );
  const agreeing = measures.filter((measure) => choices[measure] === k).map((measure) => LABELS[measure]);
  const seconded =
    elbow !== null && agreeing.length > 0 ? ` ${listOf(agreeing)} ${agreeing.length > 1 ? "agree" : "agrees"}.` : "";
  const dissent = views.length > 0 ? ` By themselves, ${listOf(views)}.` : "";
  const coarse =
    others.includes(2) && k > 2 ? " Two clusters mostly part those who buy much from those who buy little." : "";
  return `${lead}${capital(seconded)}${dissent}${coarse} The choice is yours.`;
}

const listOf = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

const capital = (sentence: string): string => sentence.replace(/^ ./, (start) => start.toUpperCase());

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
