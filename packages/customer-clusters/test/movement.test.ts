import { expect, test } from "@jest/globals";
import { isMove, membershipsOf, movements } from "@keyspaces-segmentation/customer-clusters/dist/movement.js";
import { clusteredCustomers } from "../../../test/support/clustered_customers.js";

const best = { id: 0, name: "Best" };
const lost = { id: 3, name: "Lost" };
const membership = (customerId: string, cluster = best, monetary = 10) => ({ customerId, cluster, monetary });

test("counts customers and their money by where they were and are", () => {
  const before = [membership("a"), membership("b"), membership("c", lost), membership("gone", lost, 7)];
  const after = [
    membership("a", best, 20),
    membership("b", lost, 5),
    membership("c", best, 1),
    membership("new", lost, 2),
  ];
  expect(movements(before, after)).toEqual([
    { from: best, to: best, customers: 1, monetary: 20 },
    { from: best, to: lost, customers: 1, monetary: 5 },
    { from: lost, to: best, customers: 1, monetary: 1 },
    { from: lost, to: null, customers: 1, monetary: 7 },
    { from: null, to: lost, customers: 1, monetary: 2 },
  ]);
});

test("every customer of either run is counted once", () => {
  const before = Array.from({ length: 50 }, (_, i) => membership(`c${i}`, i % 2 ? best : lost));
  const after = Array.from({ length: 50 }, (_, i) => membership(`c${i + 20}`, i % 3 ? best : lost));
  const total = movements(before, after).reduce((sum, { customers }) => sum + customers, 0);
  expect(total).toBe(70);
});

test("a run that has a customer twice is refused", () => {
  expect(() => movements([membership("a"), membership("a")], [])).toThrow(
    'Expected `before` to be each customer once, got "a"',
  );
});

test("who came or went has not moved, nor who stayed", () => {
  const moves = movements(
    [membership("a"), membership("b"), membership("gone")],
    [membership("a"), membership("b", lost), membership("new")],
  ).filter(isMove);
  expect(moves).toEqual([{ from: best, to: lost, customers: 1, monetary: 10 }]);
});

test("the memberships of a run's customers are their clusters' ids and names", () => {
  const { customers } = clusteredCustomers(40, [2, 3, 5, 7, 11, 13]);
  const memberships = membershipsOf(customers);
  expect(memberships).toHaveLength(40);
  const { customerId, cluster: id, clusterName: name, monetary } = customers[7]!;
  expect(memberships[7]).toEqual({ customerId, cluster: { id, name }, monetary });
});
