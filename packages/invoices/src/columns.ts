import type { Decimal, Units } from "@keyspaces-segmentation/common";

/** Rows of numbers that are in one piece. */
const ROWS = 1024;

/**
 * Rows of so many numbers each, one behind the other: of millions of customers, asked for in any order, what is known of one lies in a place or two of
 * memory, and not in one a column. It grows by pieces, which are not copied.
 */
export class NumberRows {
  readonly #pieces: Float64Array[] = [];
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  set(row: number, column: number, value: number): void {
    const piece = Math.floor(row / ROWS);
    while (piece >= this.#pieces.length) this.#pieces.push(new Float64Array(ROWS * this.#width));
    this.#pieces[piece]![(row % ROWS) * this.#width + column] = value;
  }

  get(row: number, column: number): number {
    return this.#pieces[Math.floor(row / ROWS)]![(row % ROWS) * this.#width + column]!;
  }
}

/** A column of such rows. */
export class NumberColumn {
  readonly #rows: NumberRows;
  readonly #column: number;

  constructor(rows: NumberRows, column: number) {
    this.#rows = rows;
    this.#column = column;
  }

  set(row: number, value: number): void {
    this.#rows.set(row, this.#column, value);
  }

  get(row: number): number {
    return this.#rows.get(row, this.#column);
  }
}

/** Decimals, exact, in two columns of such rows. */
export class DecimalColumn {
  readonly #units: NumberColumn;
  readonly #scales: NumberColumn;
  /** Those that no double holds. */
  readonly #large = new Map<number, bigint>();

  constructor(rows: NumberRows, column: number) {
    this.#units = new NumberColumn(rows, column);
    this.#scales = new NumberColumn(rows, column + 1);
  }

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
}

/** What the sums of customers are, a row a customer: an object with three decimals for each takes twice the memory, and collecting garbage among millions of them minutes. */
export class SumColumns {
  readonly #rows = new NumberRows(11);
  readonly purchaseInvoices: NumberColumn = new NumberColumn(this.#rows, 0);
  readonly lastPurchase: NumberColumn = new NumberColumn(this.#rows, 1);
  readonly sales: DecimalColumn = new DecimalColumn(this.#rows, 2);
  readonly net: DecimalColumn = new DecimalColumn(this.#rows, 4);
  readonly country: (string | null)[] = [];
  readonly countryTime: NumberColumn = new NumberColumn(this.#rows, 6);
  readonly countryInvoice: string[] = [];
  readonly countryStockCode: string[] = [];
  readonly mergedInvoices: NumberColumn = new NumberColumn(this.#rows, 7);
  readonly mergedLast: NumberColumn = new NumberColumn(this.#rows, 8);
  readonly merged: DecimalColumn = new DecimalColumn(this.#rows, 9);
}
