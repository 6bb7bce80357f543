import { ArgumentError } from "@keyspaces-segmentation/common";

/**
 * Adjusted Rand index of two partitions of the same rows: 1 where they are the same whatever their clusters are called, about 0
 * where they agree no more than by chance (Hubert & Arabie, "Comparing partitions", 1985). O(rows).
 *
 * @param a per row, the index of its cluster; `b` the same in another partition
 * @throws ArgumentError when they differ in length, or are empty
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length < 1) throw new ArgumentError("a.length", "1 or more", a.length);
  if (b.length !== a.length) throw new ArgumentError("b.length", `${a.length} as in \`a\``, b.length);
  const [inA, inB, inBoth] = [new Counts(), new Counts(), new Map<number, Counts>()];
  for (let i = 0; i < a.length; i++) {
    inA.add(a[i]!);
    inB.add(b[i]!);
    const row = inBoth.get(a[i]!) ?? new Counts();
    inBoth.set(a[i]!, row);
    row.add(b[i]!);
  }
  // Pairs of rows that lie together.
  const together = [...inBoth.values()].reduce((sum, counts) => sum + counts.pairs(), 0);
  const [pairsA, pairsB] = [inA.pairs(), inB.pairs()];
  const byChance = (pairsA / ((a.length * (a.length - 1)) / 2)) * pairsB;
  const most = (pairsA + pairsB) / 2;
  // Both all in one cluster, or both all apart: nothing to disagree about.
  return together === pairsA && together === pairsB ? 1 : (together - byChance) / (most - byChance);
}

class Counts extends Map<number, number> {
  add(cluster: number): void {
    this.set(cluster, (this.get(cluster) ?? 0) + 1);
  }
  pairs(): number {
    let sum = 0;
    for (const count of this.values()) sum += (count * (count - 1)) / 2;
    return sum;
  }
}
