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

/** Why something stays that a run has made, and what removes it; undefined where it goes. */
export function whyStays(of: Origin, choice: Choice, known: Known): string | undefined {
  const reason = reasonOf(of, choice, known);
  if (reason === undefined || typeof choice === "object" || !isOwn(of, known)) return reason;
  return `${reason}${remedyOf([of], known)}`;
}

/** Whether nobody else has made it, as far as is noted. */
const isOwn = ({ owner }: Origin, known: Known): boolean => owner === undefined || owner === known.owner;

/** The same, without what removes it. */
function reasonOf({ run, owner }: Origin, choice: Choice, known: Known): string | undefined {
  if (typeof choice === "object") {
    return run !== undefined && choice.runs.includes(run) ? undefined : "it is another run's";
  }
  if (!isOwn({ run, owner }, known)) return `it is not yours: ${owner} has made it`;
  if (choice === "all") return undefined;
  if (run === undefined) return "it bears no run's name";
  if (known.kept.has(run)) return "the run was kept";
  const sign = known.active.get(run);
  return sign === undefined ? undefined : `the run may be under way (${sign})`;
}

/** What removes something that these have made or have something of: all of the runs named, or all of one's own. */
function remedyOf(origins: readonly Origin[], known: Known): string {
  const runs = [...new Set(origins.map(({ run }) => run))];
  const named = runs.flatMap((run) => (run === undefined ? [] : `--run ${shellWord(run)}`)).join(" ");
  const ways = [
    ...(runs.includes(undefined) ? [] : [named]),
    ...(origins.every((of) => isOwn(of, known)) ? ["--all"] : []),
  ];
  if (ways.length === 0) return "";
  return runs.length > 1 && ways.length > 1
    ? `; ${ways.join(", or ")}, removes it`
    : `; ${ways.join(" or ")} removes it`;
}

/**
 * Why something stays as other runs, whose things stay, have something of it, and what removes it, unless that would be somebody else's;
 * undefined where none has.
 */
export function whyClaimed(
  { run, owner, claims = [] }: Pick<Leftover, "run" | "owner" | "claims">,
  choice: Choice,
  known: Known,
): string | undefined {
  const ofOthers = claims.filter((claim) => claim.run !== run);
  const reasons = ofOthers.flatMap(({ what, ...of }) => {
    const why = reasonOf(of, choice, known);
    return why === undefined ? [] : [`${what}: ${why}`];
  });
  if (reasons.length === 0) return undefined;
  const remedy = ofOthers.every((of) => isOwn(of, known)) ? remedyOf([{ run, owner }, ...ofOthers], known) : "";
  return `${[...new Set(reasons)].join("; ")}${remedy}`;
}
