import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { rankOf, tierOf } from "./column_names.js";
import type { LinesBelow } from "./lines_below.js";
import { listed, type Positions } from "./map_columns.js";
import type { ReadingRow } from "./reading_row.js";

/** Of fewer orders each may be of another customer by chance. */
const FEWEST_ORDERS = 20;
/** Names are behind this tier: two people may have one. */
const LAST_OF_IDS = 2;
/** A column that is called an account, or has addresses, has as many customers; one that is called a customer's id may have any. */
const HALF = 0.5;

/**
 * The column of customers, where that which is called so numbers orders: as Olist's customer_id, each value is of one order, and another
 * column has fewer, each of whole orders.
 */
export function customersOfOrders(lines: LinesBelow): { positions: Positions; rows: ReadingRow[] } {
  const { header, body, positions, shift } = lines;
  const { invoice, customerId } = positions;
  const none = { positions, rows: [] };
  if (invoice === undefined || customerId === undefined) return none;
  const at = (fields: readonly string[], position: number): string => fields[position + shift]?.trim() ?? "";
  const orderOf = new Map<string, string>();
  const orders = new Set<string>();
  for (const { fields } of body) {
    const [order, customer] = [at(fields, invoice), at(fields, customerId)];
    if (order === "" || customer === "") return none;
    if ((orderOf.get(customer) ?? order) !== order) return none;
    orderOf.set(customer, order);
    orders.add(order);
  }
  if (orders.size < FEWEST_ORDERS || orders.size !== orderOf.size) return none;
  const used = new Set<number>(Object.values(positions));
  /** How many customers another column has; none where lines have nobody there, or an order has two. */
  const customersIn = (position: number): number => {
    const customerOf = new Map<string, string>();
    for (const { fields } of body) {
      const [order, customer] = [at(fields, invoice), at(fields, position)];
      if (customer === "" || (customerOf.get(order) ?? customer) !== customer) return 0;
      customerOf.set(order, customer);
    }
    return new Set(customerOf.values()).size;
  };
  const other = [...header.keys()].find((position) => {
    const tier = used.has(position) ? null : tierOf("customerId", header[position]!);
    if (tier === null || tier > LAST_OF_IDS || rankOf("customerId", header[position]!) > 0) return false;
    const customers = customersIn(position);
    return customers < orders.size && customers > (tier === 0 ? 1 : HALF * orders.size);
  });
  if (other === undefined) return none;
  const [name, before] = [listed([header[other]!]), listed([header[customerId]!])];
  return {
    positions: { ...positions, customerId: other },
    rows: [
      {
        what: "customers",
        readAs: `${name}, not ${before}`,
        because: `each of ${formatPlural(orders.size, "order")} of the sample has a value of its own in ${before}, and they share ${formatNumber(customersIn(other))} in ${name}; columns="customerId=${before}" takes those`,
        confidence: "likely",
      },
    ],
  };
}
