import type { Origin } from "@keyspaces-segmentation/aws-session";
import { shellWord } from "@keyspaces-segmentation/common";
import type { Choice } from "./options.js";
import type { Leftover } from "./rows.js";

/** Who is asking, and what is known of runs. */
export interface Known {
  /** As `ownerOf` words it. */
  readonly owner: string;
  /** Those that have kept their results. */
  readonly kept: ReadonlySet<string>;
  /** Those that may be under way, and by what that is known. */
  readonly active: ReadonlyMap<string, string>;
}

/** What tells why something stays. */
type Considered = Pick<Leftover, "run" | "owner" | "claims" | "held" | "byHand">;

/** Why something stays; undefined where it goes, unless something else needs it. */
export const whyStays = (each: Considered, choice: Choice, known: Known): string | undefined =>
  whyOthers(each, choice, known) ?? each.held?.(choice);

/** Why something stays as its run's things do, or those of others that have something of it; undefined where none does. */
export function whyOthers(each: Considered, choice: Choice, known: Known): string | undefined {
  const own = reasonOf(each, choice, known);
  if (own !== undefined && (typeof choice === "object" || !isOwn(each, known))) return own;
  const ofClaims = claimsOfOthers(each).flatMap(({ what, ...of }) => {
    const why = reasonOf(of, choice, known);
    return why === undefined ? [] : [`${what}: ${why}`];
  });
  const reasons = new Set([...(own === undefined ? [] : [own]), ...ofClaims]);
  return reasons.size === 0 ? undefined : [...reasons].join("; ");
}

/** What others than its own run have of something. */
const claimsOfOthers = ({ run, owner, claims = [] }: Considered) =>
  claims.filter((claim) => claim.run !== run || claim.owner !== owner);

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

/**
 * What removes something that stays, "; --run X or --all removes it": its run with those that have something of it, or all of one's own.
 * Nothing is named for what is somebody else's, in part or as a whole, nor what would not remove it.
 *
 * @param removes whether something goes for another choice
 */
export function remedyFor(each: Considered, choice: Choice, known: Known, removes: (other: Choice) => boolean): string {
  const claims = claimsOfOthers(each);
  const isOffered = typeof choice === "object" ? reasonOf(each, choice, known) === undefined : isOwn(each, known);
  if (!isOffered || !claims.every((of) => isOwn(of, known))) return "";
  const runs = [...new Set([each, ...claims].map(({ run }) => run))];
  const named = runs.flatMap((run) => (run === undefined ? [] : [run]));
  const ways = [
    ...(named.length === runs.length && removes({ runs: named })
      ? [named.map((run) => `--run ${shellWord(run)}`).join(" ")]
      : []),
    ...(isOwn(each, known) && removes("all") ? ["--all"] : []),
  ];
  if (ways.length === 0) return each.byHand === undefined ? "" : `; ${each.byHand} removes it`;
  return runs.length > 1 && ways.length > 1
    ? `; ${ways.join(", or ")}, removes it`
    : `; ${ways.join(" or ")} removes it`;
}
