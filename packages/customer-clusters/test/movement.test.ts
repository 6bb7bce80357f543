import { expect, test } from "@jest/globals";
import { isMove, movements, placesOf } from "@keyspaces-segmentation/customer-clusters/dist/movement.js";
import { segmentedCustomers } from "../../../test/support/segmented_customers.js";

const best = { id: 0, name: "Best" };
const lost = { id: 3, name: "Lost" };
const place = (customerId: string, cluster = best, monetary = 10) => ({ customerId, cluster, monetary });

test("counts customers and their money by where they were and are", () => {
  const before = [place("a"), place("b"), place("c", lost), place("gone", lost, 7)];
  const after = [place("a", best, 20), place("b", lost, 5), place("c", best, 1), place("new", lost, 2)];
  expect(movements(before, after)).toEqual([
    { from: best, to: best, customers: 1, monetary: 20 },
    { from: best, to: lost, customers: 1, monetary: 5 },
    { from: lost, to: best, customers: 1, monetary: 1 },
    { from: lost, to: null, customers: 1, monetary: 7 },
    { from: null, to: lost, customers: 1, monetary: 2 },
  ]);
});

test("every customer of either run is counted once", () => {
  const before = Array.from({ length: 50 }, (_, i) => place(`c${i}`, i % 2 ? best : lost));
  const after = Array.from({ length: 50 }, (_, i) => place(`c${i + 20}`, i % 3 ? best : lost));
  const total = movements(before, after).reduce((sum, { customers }) => sum + customers, 0);
  expect(total).toBe(70);
});

test("a run that has a customer twice is refused", () => {
  expect(() => movements([place("a"), place("a")], [])).toThrow('Expected `before` to be each customer once, got "a"');
});

test("who came or went has not moved, nor who stayed", () => {
  const moves = movements([place("a"), place("b"), place("gone")], [place("a"), place("b", lost), place("new")]).filter(
    isMove,
  );
  expect(moves).toEqual([{ from: best, to: lost, customers: 1, monetary: 10 }]);
});

test("the places of a run's customers are their clusters' ids and names", () => {
  const { customers } = segmentedCustomers(40, [2, 3, 5, 7, 11, 13]);
  const places = placesOf(customers);
  expect(places).toHaveLength(40);
  const { customerId, cluster: id, clusterName: name, monetary } = customers[7]!;
  expect(places[7]).toEqual({ customerId, cluster: { id, name }, monetary });
});
