import { formatNumber, formatPlural, type Money, pluralForm, toCoins } from "@keyspaces-segmentation/common";
import type { ClusterIdentity } from "@keyspaces-segmentation/customer-clusters";
import { isMove, type Movement } from "@keyspaces-segmentation/customer-clusters";

/** A movement as a row of a table. */
export interface MovementRow {
  readonly from: string;
  readonly to: string;
  readonly customers: number;
  /** To the smallest coin. */
  readonly monetary: number;
}

/** What movements call those who were, or are, in no cluster. */
export const NOT_THERE = "not there before";
export const GONE = "gone";

const called = (cluster: ClusterIdentity | null, otherwise: string): string =>
  cluster === null ? otherwise : `${cluster.id} · ${cluster.name}`;

/** The movements for `showTable`, those who moved first, the most of them first. */
export function movementRows(movements: readonly Movement[], { money }: { money: Money }): MovementRow[] {
  return movements
    .toSorted((a, b) => Number(isMove(b)) - Number(isMove(a)) || b.customers - a.customers || b.monetary - a.monetary)
    .map(({ from, to, customers, monetary }) => ({
      from: called(from, NOT_THERE),
      to: called(to, GONE),
      customers,
      monetary: toCoins(monetary, money),
    }));
}

/**
 * "12 of 157 customers moved; the largest move: 5 from X to Y, £3,400". That there is nothing to compare with is a sentence too.
 *
 * @param movements null where there was no run before, or its customers are not known any more
 * @param lastRun the id of the run before; null, the default, in a first run
 */
export function movementFinding(
  movements: readonly Movement[] | null,
  { money, lastRun = null }: { money: Money; lastRun?: string | null },
): string {
  if (movements === null) {
    return lastRun === null
      ? "This is the first run: there are no earlier clusters to have moved from"
      : "Who was where in the last run is not known any more: its lists have expired or were deleted";
  }
  const both = movements.filter(({ from, to }) => from !== null && to !== null);
  const known = count(both);
  if (known === 0) return "No customer of the last run is in this one";
  const moves = both.filter(isMove).toSorted((a, b) => b.customers - a.customers || b.monetary - a.monetary);
  const [largest] = moves;
  if (largest === undefined) return `Nobody moved: ${formatPlural(known, "customer")} stayed where they were`;
  const { from, to, customers, monetary } = largest;
  return (
    `${formatNumber(count(moves))} of ${formatPlural(known, "customer")} moved; the largest move: ` +
    `${formatNumber(customers)} from ${from!.id} “${from!.name}” to ${to!.id} “${to!.name}”, ${money.whole(monetary)}`
  );
}

/** Who came and who went since the last run, in a sentence; empty where nobody did. */
export function comingsAndGoings(movements: readonly Movement[], { money }: { money: Money }): string {
  const came = movements.filter(({ from }) => from === null);
  const went = movements.filter(({ to }) => to === null);
  const worth = (of: readonly Movement[]): string => money.whole(of.reduce((sum, { monetary }) => sum + monetary, 0));
  return [
    came.length > 0
      ? `${formatPlural(count(came), "customer")} (${worth(came)}) ${pluralForm(count(came), "was", "were")} not there before.`
      : "",
    went.length > 0
      ? `${formatPlural(count(went), "customer")} of the last run (${worth(went)}) ${pluralForm(count(went), "is", "are")} gone.`
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}

const count = (movements: readonly Movement[]): number => movements.reduce((sum, { customers }) => sum + customers, 0);
