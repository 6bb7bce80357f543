import {
  ArgumentError,
  calendarDay,
  type Decimal,
  StepError,
  toNumber,
  truncateDecimal,
} from "@keyspaces-segmentation/common";
import type { CustomerAggregate } from "./aggregate.js";
import { DAY_MS, dayOf } from "./days.js";
import type { RetailAggregate } from "./retail_sums.js";

/**
 * Which lines make up a customer's recency, frequency and monetary value:
 * - `net`: customers with a purchase; recency and frequency of purchases; money of all lines, so returns are taken off
 * - `sales`: the same, but money of purchases only
 * - `as_published`: as the original walkthrough computes it, credit notes counted as invoices, of lines that repeat
 *   (invoice, stock code) the last one only, money truncated to whole pounds
 */
export type Preparation = "net" | "sales" | "as_published";

/** Recency, frequency and monetary value of one customer. */
export interface CustomerFeatures {
  readonly customerId: string;
  readonly country: string;
  /** Whole days from the date of the last purchase to the analysis date. */
  readonly recencyDays: number;
  /** Distinct invoices. */
  readonly frequency: number;
  /** In the currency of the data. */
  readonly monetary: number;
}

export interface PreparationOptions {
  readonly preparation: Preparation;
  /** YYYY-MM-DD; by default the date of the last invoice in the data. */
  readonly analysisDate?: string | null;
}

/** A customer whom a preparation covers. */
interface CountedCustomer {
  /** Their place among all customers, whom other preparations may cover. */
  readonly row: number;
  readonly features: CustomerFeatures;
  /** The monetary value, exact. */
  readonly amount: Decimal;
  readonly aggregate: CustomerAggregate;
}

/**
 * Features of every customer that the preparation covers, ordered by customer id.
 *
 * @throws ArgumentError when the analysis date is no date, or earlier than the last line that was folded, as recency would be negative;
 *   the option `until` of `foldInvoices` leaves later lines out
 * @throws StepError when no customer remains
 */
export function prepareFeatures(
  aggregate: RetailAggregate,
  options: PreparationOptions,
): { customers: CustomerFeatures[]; analysisDate: string } {
  const { customers, analysisDate } = countCustomers(aggregate, options);
  return { customers: Array.from(customers, ({ features }) => features), analysisDate };
}

/**
 * The same for who takes one customer after the other: millions of them, all kept, are most of what collecting garbage has to look through.
 *
 * @throws ArgumentError, StepError as {@link prepareFeatures}, before the first customer is asked for
 */
export function countCustomers(
  aggregate: RetailAggregate,
  options: PreparationOptions,
): { customers: Iterable<CountedCustomer>; analysisDate: string } {
  const { preparation } = options;
  if (aggregate.lastInvoice === null) {
    throw new StepError({ tried: "prepare the customers' features", got: "there are no invoice lines" });
  }
  const analysisDate = checkedDate(options.analysisDate ?? dayOf(aggregate.lastInvoice), aggregate.lastInvoice);
  if (aggregate.customers.length === 0) {
    throw new StepError({
      tried: "prepare the customers' features",
      got: "no line has a customer",
      hint: 'Look at how customers are read: the parameter `columns` takes those of another column, and `nobody` makes a word a customer that stands for nobody, such as nobody="!0".',
    });
  }
  if (!coversAnybody(preparation, aggregate)) {
    throw new StepError({
      tried: "prepare the customers' features",
      got: `no customer has a line that counts for ${JSON.stringify(preparation)}`,
      hint:
        preparation === "as_published"
          ? "The ledger shows what the lines count as."
          : 'A purchase has a quantity and a price above zero and is no credit note; the ledger shows what the lines are. The preparation "as_published" counts them all.',
    });
  }
  return { customers: countedIn(aggregate, preparation, dayNumber(new Date(analysisDate))), analysisDate };
}

function* countedIn(
  { customers }: RetailAggregate,
  preparation: Preparation,
  today: number,
): Generator<CountedCustomer> {
  let row = 0;
  for (const aggregate of customers) {
    const counted = countedOf(aggregate, preparation);
    if (counted !== null) {
      const { last, frequency, amount } = counted;
      const { customerId, country } = aggregate;
      const recencyDays = today - dayNumber(last);
      yield {
        row,
        features: { customerId, country, recencyDays, frequency, monetary: toNumber(amount) },
        amount,
        aggregate,
      };
    }
    row++;
  }
}

/** What counts of one customer's lines. */
interface Counted {
  readonly last: Date;
  /** Distinct invoices. */
  readonly frequency: number;
  /** Exact. */
  readonly amount: Decimal;
}

const COUNTED: Record<Preparation, (aggregate: CustomerAggregate) => Counted | null> = {
  net: ({ lastPurchase, purchaseInvoices, netAmount }) =>
    lastPurchase && { last: lastPurchase, frequency: purchaseInvoices, amount: netAmount },
  sales: ({ lastPurchase, purchaseInvoices, salesAmount }) =>
    lastPurchase && { last: lastPurchase, frequency: purchaseInvoices, amount: salesAmount },
  as_published: ({ merged }) =>
    merged && { last: merged.lastLine, frequency: merged.invoices, amount: whole(merged.amount) },
};

/** The names of all preparations. */
export const PREPARATIONS: readonly Preparation[] = ["net", "sales", "as_published"];

/**
 * What a preparation counts of a customer's lines; null where it leaves the customer out.
 *
 * @throws ArgumentError for an unknown preparation
 */
export function countedOf(customer: CustomerAggregate, preparation: Preparation): Counted | null {
  if (!Object.hasOwn(COUNTED, preparation)) {
    throw new ArgumentError("preparation", `one of ${PREPARATIONS.join(", ")}`, preparation);
  }
  return COUNTED[preparation](customer);
}

/** Whether a preparation leaves anybody. @throws ArgumentError for an unknown preparation */
export function coversAnybody(preparation: Preparation, { customers }: Pick<RetailAggregate, "customers">): boolean {
  for (const customer of customers) if (countedOf(customer, preparation) !== null) return true;
  return false;
}

const whole = (amount: Decimal): Decimal => ({ unscaled: truncateDecimal(amount), scale: 0 });

function checkedDate(analysisDate: string, lastInvoice: Date): string {
  if (calendarDay.read(analysisDate) === undefined) {
    throw new ArgumentError("analysisDate", calendarDay.rule, analysisDate);
  }
  const earliest = dayOf(lastInvoice);
  if (analysisDate < earliest) {
    throw new ArgumentError("analysisDate", `${earliest}, the date of the last invoice, or later`, analysisDate);
  }
  return analysisDate;
}

/** Days since 1970-01-01 of the date of a moment, in UTC. */
function dayNumber(moment: Date): number {
  return Math.floor(moment.getTime() / DAY_MS);
}
