import type { Origin } from "@keyspaces-segmentation/aws-session";
import { shellWord } from "@keyspaces-segmentation/common";
import type { Leftover } from "./rows.js";

/**
 * Which runs' things are to go: those of the runs that are named, whoever has made them; all of one's own; or, of one's own, those of
 * runs that have broken off, as they have kept no results and are not under way.
 */
export type Choice = { readonly runs: readonly string[] } | "all" | "broken off";

/** Who is asking, and what is known of runs. */
export interface Known {
  /** As `ownerOf` words it. */
  readonly owner: string;
  /** Those that have kept their results. */
  readonly kept: ReadonlySet<string>;
  /** Those that may be under way, and by what that is known. */
  readonly active: ReadonlyMap<string, string>;
}

/** Why something stays that a run has made; undefined where it goes. */
export function whyStays({ run, owner }: Origin, choice: Choice, known: Known): string | undefined {
  if (typeof choice === "object") {
    return run !== undefined && choice.runs.includes(run) ? undefined : "it is another run's";
  }
  if (owner !== undefined && owner !== known.owner) return `it is not yours: ${owner} has made it`;
  if (choice === "all") return undefined;
  if (run === undefined) return "it bears no run's name; --all removes it";
  const remedy = `--run ${shellWord(run)} or --all removes it`;
  if (known.kept.has(run)) return `the run was kept; ${remedy}`;
  const sign = known.active.get(run);
  return sign === undefined ? undefined : `the run may be under way (${sign}); ${remedy}`;
}

/** Why something stays as other runs, whose things stay, have something of it; undefined where none has. */
export function whyClaimed({ run: maker, claims = [] }: Leftover, choice: Choice, known: Known): string | undefined {
  const reasons = claims.flatMap(({ what, ...of }) => {
    const why = of.run === maker ? undefined : whyStays(of, choice, known);
    return why === undefined ? [] : [`${what}: ${why}`];
  });
  return reasons.length === 0 ? undefined : [...new Set(reasons)].join("; ");
}
