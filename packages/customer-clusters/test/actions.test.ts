import { expect, test } from "@jest/globals";
import {
  type ClusterRank,
  rankClusters,
  suggestAction,
} from "@keyspaces-segmentation/customer-clusters/dist/actions.js";
import { sortedFigures } from "@keyspaces-segmentation/customer-clusters/dist/sorted_figures.js";

const fifths = [0, 1, 2, 3, 4];
const rank = (
  recencyDays: number,
  frequency: number,
  monetary: number,
  changes: Partial<ClusterRank> = {},
): ClusterRank => ({
  recencyDays,
  frequency,
  monetary,
  boughtOnce: false,
  isKeyAccounts: false,
  ...changes,
});

test("every rank has an action, and every action a rank", () => {
  const actions = fifths.flatMap((recency) =>
    fifths.flatMap((frequency) =>
      fifths.flatMap((monetary) =>
        [{}, { boughtOnce: true }, { isKeyAccounts: true }].map((changes) =>
          suggestAction(rank(recency, frequency, monetary, changes)),
        ),
      ),
    ),
  );
  expect(actions.every((action) => action.length > 10)).toBe(true);
  expect(new Set(actions).size).toBe(12);
});

test("the best are thanked, the lost ones of value called, and those of none let go", () => {
  expect(suggestAction(rank(0, 4, 4))).toMatch(/^Thank them/);
  expect(suggestAction(rank(4, 1, 3))).toMatch(/^Win them back: a call/);
  expect(suggestAction(rank(4, 0, 0))).toMatch(/let them go$/);
});

test("a second order is made easy for those who had one", () => {
  expect(suggestAction(rank(0, 0, 2, { boughtOnce: true }))).toMatch(/second order/);
  expect(suggestAction(rank(0, 2, 2))).not.toMatch(/second order/);
});

test("a few wholesalers are told something else than many good customers, by their medians", () => {
  const customer = (recencyDays: number, frequency: number, monetary: number) => ({ recencyDays, frequency, monetary });
  const many = Array.from({ length: 2035 }, (_, i) => customer(i % 30, 1 + (i % 12), i === 0 ? 900_000 : 150 + i));
  const wholesalers = Array.from({ length: 23 }, (_, i) => customer(i % 20, 30, 70_000 + 1000 * i));
  const gone = Array.from({ length: 900 }, (_, i) => customer(200 + (i % 90), 1, 100 + i));
  const [ordinary, few, lost, empty] = rankClusters(
    [many, wholesalers, gone, []].map(sortedFigures),
    sortedFigures([...many, ...wholesalers, ...gone]),
  );
  expect([ordinary, few, lost].map((each) => each!.isKeyAccounts)).toEqual([false, true, false]);
  expect(empty).toBeNull();
  expect(new Set([ordinary, few, lost].map((each) => suggestAction(each!))).size).toBe(3);
  expect(suggestAction(few!)).toMatch(/by name/);
});
