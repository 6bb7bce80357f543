import type { CustomerAggregate } from "./aggregate.js";
import { DecimalColumn, NumberColumn, NumberRows } from "./columns.js";
import { orderKey } from "./text_order.js";

/** Customers ordered by their ids, numbers by value and before other text. Each is made when it is asked for: millions of them are columns. */
export interface CustomerList extends Iterable<CustomerAggregate> {
  readonly length: number;
  /** Their ids, in the same order: for those who need no more of them. */
  ids(): Iterable<string>;
}

/** Customers as columns: an object with dates and bigints for each takes eight times the memory. */
class CustomerColumns implements CustomerList {
  readonly #ids: string[] = [];
  readonly #countries: string[] = [];
  readonly #rows = new NumberRows(10);
  readonly #purchaseInvoices = new NumberColumn(this.#rows, 0);
  /** NaN: none. */
  readonly #lastPurchases = new NumberColumn(this.#rows, 1);
  readonly #sales = new DecimalColumn(this.#rows, 2);
  readonly #net = new DecimalColumn(this.#rows, 4);
  /** 0: no line of theirs is kept. */
  readonly #mergedInvoices = new NumberColumn(this.#rows, 6);
  readonly #mergedLast = new NumberColumn(this.#rows, 7);
  readonly #merged = new DecimalColumn(this.#rows, 8);
  readonly #order: Uint32Array;

  constructor(customers: Iterable<CustomerAggregate>) {
    for (const customer of customers) this.#add(customer);
    this.#order = orderOf(this.#ids);
  }

  get length(): number {
    return this.#ids.length;
  }

  *ids(): Generator<string> {
    for (const row of this.#order) yield this.#ids[row]!;
  }

  *[Symbol.iterator](): Generator<CustomerAggregate> {
    for (const row of this.#order) yield this.#at(row);
  }

  #add(customer: CustomerAggregate): void {
    const { customerId, country, purchaseInvoices, lastPurchase, salesAmount, netAmount, merged } = customer;
    const row = this.#ids.length;
    this.#ids.push(customerId);
    this.#countries.push(country);
    this.#purchaseInvoices.set(row, purchaseInvoices);
    this.#lastPurchases.set(row, lastPurchase?.getTime() ?? Number.NaN);
    this.#sales.set(row, salesAmount.unscaled, salesAmount.scale);
    this.#net.set(row, netAmount.unscaled, netAmount.scale);
    this.#mergedInvoices.set(row, merged?.invoices ?? 0);
    this.#mergedLast.set(row, merged?.lastLine.getTime() ?? Number.NaN);
    this.#merged.set(row, merged?.amount.unscaled ?? 0, merged?.amount.scale ?? 0);
  }

  #at(row: number): CustomerAggregate {
    const last = this.#lastPurchases.get(row);
    const invoices = this.#mergedInvoices.get(row);
    return {
      customerId: this.#ids[row]!,
      country: this.#countries[row]!,
      purchaseInvoices: this.#purchaseInvoices.get(row),
      lastPurchase: Number.isNaN(last) ? null : new Date(last),
      salesAmount: this.#sales.get(row),
      netAmount: this.#net.get(row),
      merged:
        invoices === 0
          ? null
          : { invoices, lastLine: new Date(this.#mergedLast.get(row)), amount: this.#merged.get(row) },
    };
  }
}

/** Takes customers, each of them once, into a list in order of their ids. */
export function customerList(customers: Iterable<CustomerAggregate>): CustomerList {
  return new CustomerColumns(customers);
}

/** The places of ids, in order: numbers by value and before other text. */
function orderOf(ids: readonly string[]): Uint32Array {
  const values = Float64Array.from(ids, (id) =>
    /^\d+$/.test(id) ? Math.min(Number(id), Number.MAX_VALUE) : Number.POSITIVE_INFINITY,
  );
  const texts = ids.map(orderKey);
  const byText = (one: number, other: number): number => compare(texts[one]!, texts[other]!);
  const byId = (one: number, other: number): number => compare(values[one]!, values[other]!) || byText(one, other);
  return Uint32Array.from(ids, (_, row) => row).sort(byId);
}

function compare<T>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
