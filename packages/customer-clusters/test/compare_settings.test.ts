import { expect, test } from "@jest/globals";
import { compareSettings } from "@keyspaces-segmentation/customer-clusters/dist/compare_settings.js";
import { matrixOf, seededRandom } from "@keyspaces-segmentation/kmeans";

/** Customers in three plain groups, one of them a single whale. */
function customers(): number[][] {
  const random = seededRandom(3);
  const around = (days: number, invoices: number, money: number) => [
    Math.round(days * (0.8 + 0.4 * random())),
    Math.max(1, Math.round(invoices * (0.8 + 0.4 * random()))),
    money * (0.8 + 0.4 * random()),
  ];
  return [
    ...Array.from({ length: 40 }, () => around(20, 10, 2000)),
    ...Array.from({ length: 40 }, () => around(250, 1, 150)),
    [5, 90, 250_000],
  ];
}

test("both settings are gauged on the same customers, and one sentence says which is steadier", async () => {
  const steps: string[] = [];
  const { table, conclusion } = await compareSettings(matrixOf(customers()), {
    random: seededRandom(1),
    threads: 1,
    onStep: (step) => steps.push(step),
  });
  expect(table.map(({ clusters }) => clusters)).toEqual([6, expect.any(Number)]);
  expect(table[0]!.setting).toBe("as published (k 6)");
  expect(table[1]!.clusters).toBeLessThan(6);
  expect(table[1]!.verdict).toBe("steady");
  expect(conclusion).toContain("“logarithms, elbow (k 3)”");
  expect(conclusion).toContain("Finding the best result takes luck with “as published (k 6)”");
  expect(steps).toHaveLength(3);
});

test("with fewer customers than six there are as many clusters", async () => {
  const few = matrixOf(customers().slice(38, 43));
  const { table } = await compareSettings(few, { random: seededRandom(1), threads: 1 });
  expect(table[0]!.clusters).toBe(5);
});

test("one customer, customers who are all alike, and three kinds are compared as well", async () => {
  const whale = [5, 90, 250_000];
  const worlds: [number[][], number][] = [
    [[whale], 1],
    [[whale, whale, whale], 1],
    [[whale, whale, [1, 1, 1], [1, 1, 1], [300, 1, 1]], 3],
  ];
  for (const [rows, k] of worlds) {
    const { table, conclusion } = await compareSettings(matrixOf(rows), { random: seededRandom(1), threads: 1 });
    expect(table[0]!.clusters).toBe(k);
    expect(JSON.stringify([table, conclusion])).not.toMatch(/NaN|null|undefined|Infinity|-\d/);
  }
});

test("can be stopped", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(compareSettings(matrixOf(customers()), { random: seededRandom(1), signal })).rejects.toThrow("enough");
});
