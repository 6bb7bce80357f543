import { type CustomerAggregate, CustomerSums, type CustomerSumsValues, type LineSpan, never } from "./aggregate.js";
import { SumColumns } from "./columns.js";
import { type CustomerList, customerList } from "./customer_list.js";

/** The lines of a data set, folded. */
export interface RetailAggregate {
  readonly customers: CustomerList;
  /** The date of the first line, with a customer or without; null where there are no lines. */
  readonly firstInvoice: Date | null;
  /** The date of the last line, with a customer or without; null where there are no lines. */
  readonly lastInvoice: Date | null;
}

/** The sums of all customers over some invoices. */
export class RetailSums {
  /** The row of each customer. */
  private readonly rows = new Map<string, number>();
  private readonly columns = new SumColumns();
  private firstLine = Number.POSITIVE_INFINITY;
  private lastLine = never;

  /**
   * Adds what one more invoice comes to, its first and its last line in milliseconds since 1970.
   *
   * @returns how many of its customers are new to these sums and to others
   */
  add(
    invoice: Iterable<readonly [customerId: string, sums: CustomerSums]>,
    firstLine: number,
    lastLine: number,
    others: RetailSums = this,
  ): number {
    let added = 0;
    for (const [customerId, sums] of invoice) {
      const row = this.rows.get(customerId);
      if (row === undefined) {
        if (others === this || !others.rows.has(customerId)) added++;
        sums.store(this.columns, this.rows.size);
        this.rows.set(customerId, this.rows.size);
      } else {
        const all = CustomerSums.load(this.columns, row);
        all.addSums(sums);
        all.store(this.columns, row);
      }
    }
    this.firstLine = Math.min(this.firstLine, firstLine);
    this.lastLine = Math.max(this.lastLine, lastLine);
    return added;
  }

  get size(): number {
    return this.rows.size;
  }

  has(customerId: string): boolean {
    return this.rows.has(customerId);
  }

  /** How many customers these and others are together. */
  countWith(others: RetailSums): number {
    let count = this.size;
    for (const customerId of others.rows.keys()) if (!this.has(customerId)) count++;
    return count;
  }

  /** When the first and the last line were, in milliseconds since 1970; null where there is none. */
  span(): LineSpan {
    return this.lastLine === never ? null : [this.firstLine, this.lastLine];
  }

  /** Each customer's sums. */
  *values(): Generator<readonly [customerId: string, values: CustomerSumsValues]> {
    for (const [customerId, sums] of this.sums()) yield [customerId, sums.values()];
  }

  /** The sums over these invoices and others, in new sums. */
  with(others: RetailSums): RetailSums {
    const all = new RetailSums();
    for (const each of [this, others]) all.add(each.sums(), each.firstLine, each.lastLine);
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

  private *sums(): Generator<readonly [customerId: string, sums: CustomerSums]> {
    for (const [customerId, row] of this.rows) yield [customerId, CustomerSums.load(this.columns, row)];
  }

  private *together(others: RetailSums): Generator<CustomerAggregate> {
    for (const [customerId, sums] of this.sums()) {
      const row = others.rows.get(customerId);
      if (row !== undefined) sums.addSums(CustomerSums.load(others.columns, row));
      yield sums.aggregate(customerId);
    }
    for (const [customerId, sums] of others.sums()) if (!this.has(customerId)) yield sums.aggregate(customerId);
  }
}
