import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { rankOf, tierOf } from "../columns/column_names.js";
import type { Positions } from "../columns/map_columns.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";

/** Of fewer orders each may be of another customer by chance. */
const FEWEST_ORDERS = 20;
/** Names are behind this tier: two people may have one. */
const LAST_OF_IDS = 2;
/** Of fewer values, as a share of orders, each may be a level, a store or whoever pays; unless they are called unique. */
const MANY = 0.5;
const UNIQUE = /unique/i;

/**
 * The column of customers, where that which is called so numbers orders: as Olist's customer_id, each value is of one order, and another
 * column has fewer, each of whole orders. Where those are few, that is said alone: each customer may have bought once.
 */
export function customersOfOrders(table: Table): { positions: Positions; rows: ReadingRow[] } {
  const { header, lines, positions } = table;
  const { invoice, customerId } = positions;
  const none = { positions, rows: [] };
  if (invoice === undefined || customerId === undefined) return none;
  const orderOf = new Map<string, string>();
  const orders = new Set<string>();
  for (const { fields } of lines) {
    const [order, customer] = [fieldAt(fields, invoice), fieldAt(fields, customerId)];
    if (order === "" || customer === "") return none;
    if ((orderOf.get(customer) ?? order) !== order) return none;
    orderOf.set(customer, order);
    orders.add(order);
  }
  if (orders.size < FEWEST_ORDERS || orders.size !== orderOf.size) return none;
  /** How many customers another column has; none where lines have nobody there, or an order has two. */
  const customersIn = (position: number): number => {
    const customerOf = new Map<string, string>();
    for (const { fields } of lines) {
      const [order, customer] = [fieldAt(fields, invoice), fieldAt(fields, position)];
      if (customer === "" || (customerOf.get(order) ?? customer) !== customer) return 0;
      customerOf.set(order, customer);
    }
    return new Set(customerOf.values()).size;
  };
  const others = table.unused().flatMap((position) => {
    const tier = tierOf("customerId", header[position]!);
    if (tier === null || tier > LAST_OF_IDS || rankOf("customerId", header[position]!) > 0) return [];
    const customers = customersIn(position);
    if (customers < 2 || customers >= orders.size) return [];
    const isMeant = customers > MANY * orders.size || UNIQUE.test(header[position]!);
    return [{ position, customers, isMeant }];
  });
  const other = others.find(({ isMeant }) => isMeant) ?? others[0];
  if (other === undefined) return none;
  const [name, before] = [table.nameOf(other.position), table.nameOf(customerId)];
  const shared = `each of ${formatPlural(orders.size, "order")} of the sample has a value of its own in ${before}, and they share ${formatNumber(other.customers)} in ${name}`;
  const rowOf = (taken: string, left: string): ReadingRow => ({
    what: "customers",
    readAs: `${taken}, not ${left}`,
    because: `${shared}; columns="customerId=${left}" takes those`,
    confidence: "likely",
  });
  return other.isMeant
    ? { positions: { ...positions, customerId: other.position }, rows: [rowOf(name, before)] }
    : { positions, rows: [rowOf(before, name)] };
}
