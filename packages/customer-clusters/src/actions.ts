import { countBelow, countUpTo, mediansIn, type SortedFigures, sizeOf } from "./sorted_figures.js";

/** Where a cluster's median customer stands among all customers: the fifth it falls in, 0 the lowest value, for each feature. */
export interface ClusterRank {
  /** 0: bought most recently. */
  readonly recencyDays: number;
  readonly frequency: number;
  readonly monetary: number;
  /** Whether it bought a single time. */
  readonly boughtOnce: boolean;
  /** Whether the cluster is a few customers, each of whom spends many times what others do. */
  readonly isKeyAccounts: boolean;
}

/** Key accounts are this part of the customers at most, and their median one spends so many times what the median customer spends. */
const FEW = 0.05;
const MANY_TIMES = 10;

/** The ranks of clusters; null for one without customers. */
export function rankClusters(members: readonly SortedFigures[], customers: SortedFigures): (ClusterRank | null)[] {
  const all = mediansIn(customers);
  return members.map((of) => {
    const median = mediansIn(of);
    if (median === null || all === null) return null;
    return {
      recencyDays: fifthOf(customers.recencyDays, median.recencyDays),
      frequency: fifthOf(customers.frequency, median.frequency),
      monetary: fifthOf(customers.monetary, median.monetary),
      boughtOnce: median.frequency === 1,
      isKeyAccounts:
        sizeOf(of) <= FEW * sizeOf(customers) && all.monetary > 0 && median.monetary >= MANY_TIMES * all.monetary,
    };
  });
}

/** Which fifth of some ascending values, 0 to 4, a value stands in; equal values count half below it. */
function fifthOf(sorted: Float64Array, value: number): number {
  const below = (countBelow(sorted, value) + countUpTo(sorted, value)) / 2;
  return Math.min(4, Math.floor((5 * below) / sorted.length));
}

/** What a shop might do for customers of this rank: our own rules of thumb, to start a conversation with. */
export function suggestAction({ recencyDays, frequency, monetary, boughtOnce, isKeyAccounts }: ClusterRank): string {
  const isRecent = recencyDays <= 1;
  const isLost = recencyDays >= 3;
  const isLoyal = frequency >= 3;
  const isValuable = monetary >= 3;
  if (isKeyAccounts && isLost) return "Call each of them: what went wrong, and what would bring them back";
  if (isKeyAccounts) return "Look after each of them by name: one contact person, terms of their own";
  if (isRecent && isLoyal && isValuable) return "Thank them: early access, a personal contact, no discounts needed";
  if (isRecent && isLoyal) return "Raise the basket: bundles and recommendations";
  if (isRecent && isValuable) return "Make it a habit: an offer for the next order within weeks";
  if (isRecent && boughtOnce) return "Welcome them: show the range, make the second order easy";
  if (isRecent) return "Keep them coming: news and recommendations that fit what they bought";
  if (isLost && isValuable) return "Win them back: a call or a generous offer, and ask what went wrong";
  if (isLost && isLoyal) return "Win them back: a reminder of what they used to buy";
  if (isLost) return "Spend little: a seasonal mail, then let them go";
  if (isValuable || isLoyal) return "Keep them: contact before they drift away, with what they like";
  return "Wake them up: a time-limited offer";
}
