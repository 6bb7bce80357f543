import type { Decimal, Units } from "@keyspaces-segmentation/common";

/** Rows that a column begins with. */
const FEW = 1024;

/** A column of numbers that grows. */
export class NumberColumn {
  #values = new Float64Array(FEW);

  set(row: number, value: number): void {
    if (row >= this.#values.length) {
      const longer = new Float64Array(2 * this.#values.length);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[row] = value;
  }

  get(row: number): number {
    return this.#values[row]!;
  }

  /** Gives back what is not used. */
  end(rows: number): void {
    this.#values = this.#values.slice(0, rows);
  }
}

/** A column of decimals, exact. */
export class DecimalColumn {
  readonly #units = new NumberColumn();
  readonly #scales = new NumberColumn();
  /** Those that no double holds. */
  readonly #large = new Map<number, bigint>();

  set(row: number, total: Units, scale: number): void {
    const units = Number(total);
    this.#units.set(row, units);
    if (!Number.isSafeInteger(units)) this.#large.set(row, BigInt(total));
    else if (this.#large.size > 0) this.#large.delete(row);
    this.#scales.set(row, scale);
  }

  units(row: number): Units {
    const units = this.#units.get(row);
    return Number.isSafeInteger(units) ? units : this.#large.get(row)!;
  }

  scale(row: number): number {
    return this.#scales.get(row);
  }

  get(row: number): Decimal {
    return { unscaled: BigInt(this.units(row)), scale: this.scale(row) };
  }

  end(rows: number): void {
    this.#units.end(rows);
    this.#scales.end(rows);
  }
}

/** What the sums of customers are, a row a customer: an object with three decimals for each takes twice the memory, and collecting garbage among millions of them minutes. */
export class SumColumns {
  readonly purchaseInvoices: NumberColumn = new NumberColumn();
  readonly lastPurchase: NumberColumn = new NumberColumn();
  readonly sales: DecimalColumn = new DecimalColumn();
  readonly net: DecimalColumn = new DecimalColumn();
  readonly country: (string | null)[] = [];
  readonly countryTime: NumberColumn = new NumberColumn();
  readonly countryInvoice: string[] = [];
  readonly countryStockCode: string[] = [];
  readonly mergedInvoices: NumberColumn = new NumberColumn();
  readonly mergedLast: NumberColumn = new NumberColumn();
  readonly merged: DecimalColumn = new DecimalColumn();
}
