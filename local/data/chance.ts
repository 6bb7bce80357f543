/** Draws of one random source, in the terms of generated data. */
export interface Chance {
  /** True with this probability. */
  readonly happens: (probability: number) => boolean;
  /** A whole number, both ends included. */
  readonly integer: (least: number, most: number) => number;
  /** One of the items, each as likely, or by weight. */
  readonly pick: <T>(items: readonly T[], weights?: readonly number[]) => T;
  /** A skewed positive number: half of the draws are below the median, a few far above. */
  readonly logNormal: (median: number, spread: number) => number;
  /** The items in another order. */
  readonly shuffled: <T>(items: readonly T[]) => T[];
}

/** @param random gives numbers in [0, 1) */
export function chanceOf(random: () => number): Chance {
  const integer = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    happens: (probability) => random() < probability,
    integer,
    pick: (items, weights) => {
      if (weights === undefined) return items[integer(0, items.length - 1)]!;
      let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
      const at = weights.findIndex((weight) => {
        left -= weight;
        return left < 0;
      });
      return items[at < 0 ? items.length - 1 : at]!;
    },
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    shuffled: (items) => {
      const order = [...items];
      for (let i = order.length - 1; i > 0; i--) {
        const j = integer(0, i);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
  };
}
