import { type Decimal, DecimalSum, formatDecimal, parseDecimal, type Units } from "@keyspaces-segmentation/common";
import type { SumColumns } from "./columns.js";
import { type Bin, isPurchase } from "./ledger.js";
import type { InvoiceLine } from "./parse.js";
import { orderKey } from "./text_order.js";

/** What the lines of one customer come to, for every preparation; see `prepareFeatures`. */
export interface CustomerAggregate {
  readonly customerId: string;
  /** Of their last line that names one; "Unspecified" where none does. */
  readonly country: string;
  /** Distinct invoices with a purchase line. */
  readonly purchaseInvoices: number;
  readonly lastPurchase: Date | null;
  /** Σ quantity × price over their purchase lines, exact. */
  readonly salesAmount: Decimal;
  /** Σ quantity × price over all their lines, exact. */
  readonly netAmount: Decimal;
  /** As a table keyed by (invoice, stock code) has it; null where such a table keeps no line of theirs. */
  readonly merged: MergedAggregate | null;
}

/** Of lines that repeat (invoice, stock code), only the last counts; credit notes count like invoices. */
interface MergedAggregate {
  readonly invoices: number;
  readonly lastLine: Date;
  readonly amount: Decimal;
}

/** What a line says about its customer. */
type CustomerLine = Pick<InvoiceLine, "invoice" | "stockCode" | "invoiceDate" | "country">;

export const never: number = Number.NEGATIVE_INFINITY;

/** All that the sums of a customer are, for a file: times in milliseconds since 1970, null for none; money as exact decimal text. */
export type CustomerSumsValues = readonly [
  purchaseInvoices: number,
  lastPurchase: number | null,
  sales: string,
  net: string,
  country: string | null,
  countryTime: number | null,
  countryInvoice: string,
  countryStockCode: string,
  mergedInvoices: number,
  mergedLast: number | null,
  merged: string,
];

/** When the first and the last line were, in milliseconds since 1970; null where there is none. */
export type LineSpan = readonly [first: number, last: number] | null;

const timeOrNull = (time: number): number | null => (time === never ? null : time);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isTimeOrNull = (value: unknown): value is number | null => value === null || Number.isSafeInteger(value);
const isText = (value: unknown): value is string => typeof value === "string";

/** @returns whether it was one */
function addText(sum: DecimalSum, amount: unknown): boolean {
  const decimal = isText(amount) ? parseDecimal(amount) : undefined;
  if (decimal !== undefined) sum.add(decimal.unscaled, decimal.scale);
  return decimal !== undefined;
}

/** The sums of one customer over some invoices: over part of one, over one, over all. Times are milliseconds since 1970. */
export class CustomerSums {
  private purchaseInvoices = 0;
  private lastPurchase = never;
  private readonly sales = new DecimalSum();
  private readonly net = new DecimalSum();
  private country: string | null = null;
  private countryTime = never;
  private countryInvoice = "";
  private countryStockCode = "";
  private mergedInvoices = 0;
  private mergedLast = never;
  private readonly merged = new DecimalSum();

  /** Adds a line of the one invoice that these sums are about, with its worth; of repeats of a stock code the later ones come later. */
  addLine({ invoice, stockCode, invoiceDate, country }: CustomerLine, amount: Units, scale: number, bin: Bin): void {
    const time = invoiceDate.getTime();
    this.net.add(amount, scale);
    if (country !== null) this.takeCountry(country, time, invoice, stockCode);
    if (!isPurchase(bin)) return;
    this.purchaseInvoices = 1;
    this.sales.add(amount, scale);
    if (time > this.lastPurchase) this.lastPurchase = time;
  }

  /** Adds a line, as {@link addLine}, that is the last one of its invoice and stock code. */
  addMerged({ invoiceDate }: CustomerLine, amount: Units, scale: number): void {
    this.mergedInvoices = 1;
    this.merged.add(amount, scale);
    this.mergedLast = Math.max(this.mergedLast, invoiceDate.getTime());
  }

  /** Adds what the same customer's lines on other invoices come to. In whatever order this is done, the result is the same. */
  addSums(other: CustomerSums): void {
    this.purchaseInvoices += other.purchaseInvoices;
    this.lastPurchase = Math.max(this.lastPurchase, other.lastPurchase);
    this.sales.addSum(other.sales);
    this.net.addSum(other.net);
    if (other.country !== null) {
      this.takeCountry(other.country, other.countryTime, other.countryInvoice, other.countryStockCode);
    }
    this.mergedInvoices += other.mergedInvoices;
    this.mergedLast = Math.max(this.mergedLast, other.mergedLast);
    this.merged.addSum(other.merged);
  }

  /** Puts them into a row of columns; the next row where it is new. */
  store(columns: SumColumns, row: number): void {
    columns.purchaseInvoices.set(row, this.purchaseInvoices);
    columns.lastPurchase.set(row, this.lastPurchase);
    columns.sales.set(row, this.sales.total(), this.sales.digits);
    columns.net.set(row, this.net.total(), this.net.digits);
    columns.country[row] = this.country;
    columns.countryTime.set(row, this.countryTime);
    columns.countryInvoice[row] = this.countryInvoice;
    columns.countryStockCode[row] = this.countryStockCode;
    columns.mergedInvoices.set(row, this.mergedInvoices);
    columns.mergedLast.set(row, this.mergedLast);
    columns.merged.set(row, this.merged.total(), this.merged.digits);
  }

  /** The sums in a row of columns. */
  static load(columns: SumColumns, row: number): CustomerSums {
    const sums = new CustomerSums();
    sums.purchaseInvoices = columns.purchaseInvoices.get(row);
    sums.lastPurchase = columns.lastPurchase.get(row);
    sums.sales.add(columns.sales.units(row), columns.sales.scale(row));
    sums.net.add(columns.net.units(row), columns.net.scale(row));
    sums.country = columns.country[row]!;
    sums.countryTime = columns.countryTime.get(row);
    sums.countryInvoice = columns.countryInvoice[row]!;
    sums.countryStockCode = columns.countryStockCode[row]!;
    sums.mergedInvoices = columns.mergedInvoices.get(row);
    sums.mergedLast = columns.mergedLast.get(row);
    sums.merged.add(columns.merged.units(row), columns.merged.scale(row));
    return sums;
  }

  aggregate(customerId: string): CustomerAggregate {
    return {
      customerId,
      country: this.country ?? "Unspecified",
      purchaseInvoices: this.purchaseInvoices,
      lastPurchase: this.lastPurchase === never ? null : new Date(this.lastPurchase),
      salesAmount: this.sales.value(),
      netAmount: this.net.value(),
      merged:
        this.mergedInvoices === 0
          ? null
          : { invoices: this.mergedInvoices, lastLine: new Date(this.mergedLast), amount: this.merged.value() },
    };
  }

  values(): CustomerSumsValues {
    const [sales, net, merged] = [this.sales, this.net, this.merged].map((sum) => formatDecimal(sum.value()));
    return [
      ...([this.purchaseInvoices, timeOrNull(this.lastPurchase), sales!, net!] as const),
      ...([this.country, timeOrNull(this.countryTime), this.countryInvoice, this.countryStockCode] as const),
      ...([this.mergedInvoices, timeOrNull(this.mergedLast), merged!] as const),
    ];
  }

  /** The sums that gave such {@link values}; undefined where none can have. */
  static of(values: unknown): CustomerSums | undefined {
    if (!Array.isArray(values) || values.length !== 11) return undefined;
    const [purchaseInvoices, lastPurchase, sales, net, country, ...rest] = values as unknown[];
    const [countryTime, countryInvoice, countryStockCode, mergedInvoices, mergedLast, merged] = rest;
    const sums = new CustomerSums();
    if (!isCount(purchaseInvoices) || !isTimeOrNull(lastPurchase)) return undefined;
    if (!isCount(mergedInvoices) || !isTimeOrNull(mergedLast)) return undefined;
    if (!(country === null || isText(country)) || !isTimeOrNull(countryTime)) return undefined;
    if (!isText(countryInvoice) || !isText(countryStockCode)) return undefined;
    if (!addText(sums.sales, sales) || !addText(sums.net, net) || !addText(sums.merged, merged)) return undefined;
    sums.purchaseInvoices = purchaseInvoices;
    sums.lastPurchase = lastPurchase ?? never;
    sums.country = country;
    sums.countryTime = countryTime ?? never;
    sums.countryInvoice = countryInvoice;
    sums.countryStockCode = countryStockCode;
    sums.mergedInvoices = mergedInvoices;
    sums.mergedLast = mergedLast ?? never;
    return sums;
  }

  /** The latest line decides; in the same minute that with the higher invoice, then stock code, then the later repeat. */
  private takeCountry(country: string, time: number, invoice: string, stockCode: string): void {
    if (time < this.countryTime) return;
    if (time === this.countryTime) {
      const isSame = invoice === this.countryInvoice;
      const [one, other] = isSame ? [stockCode, this.countryStockCode] : [invoice, this.countryInvoice];
      if (orderKey(one) < orderKey(other)) return;
    }
    this.country = country;
    this.countryTime = time;
    this.countryInvoice = invoice;
    this.countryStockCode = stockCode;
  }
}
