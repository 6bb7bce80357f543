import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import { differentRows, type Matrix } from "@keyspaces-segmentation/kmeans";

/**
 * Asks, before a training is paid for, whether there are as many customers as clusters are wanted.
 *
 * @param features a row a customer
 * @param k how many clusters
 * @throws StepError saying what `k` can be
 */
export function requireEnoughCustomers(features: Matrix, k: number): void {
  const { rows } = features;
  if (k <= rows) return;
  const example = Math.max(1, Math.min(3, differentRows(features, 3)));
  throw new StepError({
    tried: `find ${formatPlural(k, "cluster")}`,
    got: `there ${rows === 1 ? "is 1 customer, so k can only be 1" : `are ${formatNumber(rows)} customers, so k can be 1 to ${formatNumber(rows)}`}`,
    hint: `Set the parameter \`k\`, for example k: ${example} in the cell of parameters, or \`--param k=${example}\` where the notebook is started.`,
  });
}

/**
 * What it means that customers are alike, in a sentence; null where so many differ as clusters are wanted.
 *
 * @param features a row a customer
 * @param k how many clusters
 */
export function describeVariety(features: Matrix, k: number): string | null {
  const different = differentRows(features, k);
  if (different >= k) return null;
  if (different === 1) {
    const whom =
      features.rows === 1 ? "There is only 1 customer" : `All ${formatNumber(features.rows)} customers are alike`;
    return `${whom}: one cluster holds everybody, any others stay empty.`;
  }
  return `There are only ${formatNumber(different)} different customers: at most ${formatNumber(different)} clusters have customers in them, any others stay empty.`;
}
