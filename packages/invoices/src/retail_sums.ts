import {
  type CustomerAggregate,
  CustomerSums,
  type CustomerSumsValues,
  type LineSpan,
  never,
  type RetailAggregate,
} from "./aggregate.js";
import { customerList } from "./customer_list.js";

/** The sums of all customers over some invoices. */
export class RetailSums {
  private readonly customers = new Map<string, CustomerSums>();
  private firstLine = Number.POSITIVE_INFINITY;
  private lastLine = never;

  /** Adds what one more invoice comes to, its first and its last line in milliseconds since 1970; takes the sums over. */
  add(invoice: ReadonlyMap<string, CustomerSums>, firstLine: number, lastLine: number): void {
    for (const [customerId, sums] of invoice) {
      const known = this.customers.get(customerId);
      if (known === undefined) this.customers.set(customerId, sums);
      else known.addSums(sums);
    }
    this.firstLine = Math.min(this.firstLine, firstLine);
    this.lastLine = Math.max(this.lastLine, lastLine);
  }

  get size(): number {
    return this.customers.size;
  }

  has(customerId: string): boolean {
    return this.customers.has(customerId);
  }

  /** How many customers these and others are together. */
  countWith(others: RetailSums): number {
    let count = this.size;
    for (const customerId of others.customers.keys()) if (!this.has(customerId)) count++;
    return count;
  }

  /** When the first and the last line were, in milliseconds since 1970; null where there is none. */
  span(): LineSpan {
    return this.lastLine === never ? null : [this.firstLine, this.lastLine];
  }

  /** Each customer's sums. */
  *values(): Generator<readonly [customerId: string, values: CustomerSumsValues]> {
    for (const [customerId, sums] of this.customers) yield [customerId, sums.values()];
  }

  /** The sums over these invoices and others, in new sums. */
  with(others: RetailSums): RetailSums {
    const all = new RetailSums();
    for (const { customers, firstLine, lastLine } of [this, others]) {
      const copies = new Map<string, CustomerSums>();
      for (const [customerId, sums] of customers) {
        const copy = new CustomerSums();
        copy.addSums(sums);
        copies.set(customerId, copy);
      }
      all.add(copies, firstLine, lastLine);
    }
    return all;
  }

  /** What they come to, and with them what others do. */
  aggregate(others: RetailSums = new RetailSums()): RetailAggregate {
    const firstLine = Math.min(this.firstLine, others.firstLine);
    const lastLine = Math.max(this.lastLine, others.lastLine);
    const isEmpty = lastLine === never;
    return {
      customers: customerList(this.together(others)),
      firstInvoice: isEmpty ? null : new Date(firstLine),
      lastInvoice: isEmpty ? null : new Date(lastLine),
    };
  }

  private *together(others: RetailSums): Generator<CustomerAggregate> {
    for (const [customerId, sums] of this.customers) {
      const further = others.customers.get(customerId);
      yield (further === undefined ? sums : sums.with(further)).aggregate(customerId);
    }
    for (const [customerId, sums] of others.customers)
      if (!this.customers.has(customerId)) yield sums.aggregate(customerId);
  }
}
