import type { Money } from "@keyspaces-segmentation/common";
import { type Claim, claimsOf, holds, holdsFor, rangeClaim, type Worded, wordsFor } from "./claims.js";
import { FEATURES, type Feature, type FeatureFigures, MOST } from "./means.js";
import { joinFigures, mediansIn, type SortedFigures, sizeOf, usualRange } from "./sorted_figures.js";

/** The name of the only cluster that has customers. */
const EVERYBODY = "All customers";
const NOBODY = "Empty";

/** Which feature tells clusters apart first, where several do equally well. */
const PREFERENCE: readonly Feature[] = ["monetary", "recencyDays", "frequency"];

/** The median customers of other clusters. */
type Rivals = readonly FeatureFigures[];

/**
 * Names clusters by what sets them apart: "More recent, very frequent, £4,300–15,000 spent".
 *
 * Each phrase is a claim: it holds for the cluster's median customer and for three in four of its customers at least. A feature in which
 * a cluster has no such word is left out, and so is a word that all clusters share. Where the words would fit the median customer of
 * another cluster as well, figures take their place: the range in which three in four of the customers lie.
 *
 * @param members the customers of each cluster, the most valuable cluster first
 * @param taken names that are in use elsewhere; default none
 * @param everybody the figures of all of them together, where they are known
 * @returns per cluster, names of which no two are alike
 */
export function nameClusters(
  members: readonly SortedFigures[],
  {
    money,
    taken = new Set(),
    everybody = joinFigures(members),
  }: Worded & { taken?: ReadonlySet<string>; everybody?: SortedFigures },
): string[] {
  const words = wordsFor(everybody);
  const medians = members.map(mediansIn);
  const nonEmpty = [...members.keys()].filter((cluster) => medians[cluster] !== null);
  const used = new Set(taken);
  const claims = members.map((of) => fittingWords(of, words));
  const isShared = ({ phrase }: Claim): boolean =>
    nonEmpty.every((cluster) => claims[cluster]!.some((claim) => claim.phrase === phrase));
  const telling = claims.map((of) => of.filter((claim) => !isShared(claim)));
  return members.map((of, cluster) => {
    const rivals = nonEmpty.filter((other) => other !== cluster).map((other) => medians[other]!);
    const name = nameOf(of, telling[cluster]!, rivals, { used, money });
    used.add(name);
    return name;
  });
}

/**
 * Whether a name that a cluster has got once is true of it today: each of its phrases holds for the median customer. Phrases that are
 * not made of these words are taken as they are.
 *
 * @param members of that cluster
 * @param everybody among whom the words have their meaning
 */
export function nameFits(name: string, members: SortedFigures, everybody: SortedFigures): boolean {
  if (name === EVERYBODY) return sizeOf(members) === sizeOf(everybody);
  const median = mediansIn(members);
  return median === null || claimsOf(name, wordsFor(everybody)).every((claim) => holds(claim, median));
}

/** For each feature the narrowest word that holds for the median customer and for most. */
function fittingWords(members: SortedFigures, words: readonly Claim[]): Claim[] {
  const median = mediansIn(members);
  if (median === null) return [];
  const fits = (word: Claim): boolean => holds(word, median) && holdsFor(word, members) >= MOST * sizeOf(members);
  return FEATURES.flatMap((feature) => words.find((word) => word.feature === feature && fits(word)) ?? []);
}

function nameOf(
  members: SortedFigures,
  words: Claim[],
  rivals: Rivals,
  { used, money }: Worded & { used: ReadonlySet<string> },
): string {
  if (sizeOf(members) === 0) return numbered(NOBODY, used);
  if (rivals.length === 0) return numbered(EVERYBODY, used);
  let claims = words;
  for (;;) {
    const left = rivalsOf(claims, rivals);
    const next = left.length > 0 ? ranged(claims, members, rivals, money) : claims;
    if (rivalsOf(next, rivals).length === left.length) break;
    claims = next;
  }
  for (const feature of PREFERENCE) {
    if (claims.length > 0 && !used.has(textOf(claims))) break;
    claims = replaced(claims, rangeOf(members, feature, { digits: 2, money }));
  }
  return numbered(textOf(claims), used);
}

/** The claims with one range in figures that leaves as few rivals as one can. */
function ranged(claims: readonly Claim[], members: SortedFigures, rivals: Rivals, money: Money): Claim[] {
  const ways = [2, 3, 0].flatMap((digits) =>
    PREFERENCE.map((feature) => replaced(claims, rangeOf(members, feature, { digits, money }))),
  );
  const left = ways.map((way) => rivalsOf(way, rivals).length);
  return ways[left.indexOf(Math.min(...left))]!;
}

/** Those whom all claims fit. */
const rivalsOf = (claims: readonly Claim[], rivals: Rivals): Rivals =>
  rivals.filter((rival) => claims.every((claim) => holds(claim, rival)));

const rangeOf = (members: SortedFigures, feature: Feature, how: Worded & { digits: number }): Claim =>
  rangeClaim(feature, usualRange(members[feature]), how);

/** With this claim in the place of what they say about its feature. */
function replaced(claims: readonly Claim[], claim: Claim): Claim[] {
  return FEATURES.flatMap((feature) =>
    feature === claim.feature ? [claim] : claims.filter((each) => each.feature === feature),
  );
}

function textOf(claims: readonly Claim[]): string {
  const text = claims.map(({ phrase }) => phrase).join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The name, with a number behind it where it is taken. */
function numbered(name: string, used: ReadonlySet<string>): string {
  let candidate = name;
  for (let n = 2; used.has(candidate); n++) candidate = `${name} (${n})`;
  return candidate;
}
