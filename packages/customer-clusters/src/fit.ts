import { formatPlural, type Money } from "@keyspaces-segmentation/common";
import { type Claim, claimsOf, holds, rangeClaim, type Worded } from "./claims.js";
import { FEATURES, type Feature, type FeatureFigures, usualRange } from "./means.js";

/** A figure of one customer in words. */
const FIGURES: Readonly<Record<Feature, (value: number, money: Money) => string>> = {
  recencyDays: (days) => `bought ${formatPlural(days, "day")} ago`,
  frequency: (invoices) => formatPlural(invoices, "invoice"),
  monetary: (amount, money) => `${money.whole(amount)} spent`,
};

/**
 * How a customer who comes to a cluster compares with those in it: in which feature they lie outside of where three in four lie, or are
 * not what the cluster's name says.
 *
 * @param words what the words of names mean, see `wordsFor`
 */
export function describeFit(
  customer: FeatureFigures,
  {
    name,
    members,
    words,
    money,
  }: Worded & { name: string; members: readonly FeatureFigures[]; words: readonly Claim[] },
): string {
  if (members.length === 0) return "nobody else is in it";
  const claims = claimsOf(name, words);
  const differences = FEATURES.flatMap((feature) => {
    const most = rangeClaim(feature, usualRange(members.map((each) => each[feature])), { digits: 2, money });
    const isTrue = [most, ...claims.filter((claim) => claim.feature === feature)].every((each) =>
      holds(each, customer),
    );
    return isTrue ? [] : `${FIGURES[feature](customer[feature], money)} (most: ${most.phrase})`;
  });
  return differences.length === 0 ? "like most of them" : differences.join("; ");
}
