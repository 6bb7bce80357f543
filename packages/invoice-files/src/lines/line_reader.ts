import type { Decimal } from "@keyspaces-segmentation/common";
import { type CustomerIdReader, lineAmount, type UnnumberedLine, unwrapped } from "@keyspaces-segmentation/invoices";
import { dateReader, saysNothing } from "@keyspaces-segmentation/table-files";
import { dateText } from "../columns/date_text.js";
import { ownFields } from "../columns/row_fit.js";
import { idNumberReader, isWord, refusedId } from "../customers/id_numbers.js";
import { customerMark, purchaseNumber } from "../orders/purchases.js";
import type { Reading } from "../reading/reading.js";
import { detached, remembered } from "../remembered.js";
import { creditNumbers } from "../returns/credit_numbers.js";
import { lateKinds } from "../returns/late_kinds.js";
import { isCancelled } from "../states/cancelled_columns.js";
import { voidStateOf } from "../states/order_states.js";
import { partlyPaidBack } from "../states/partial_refunds.js";
import { LineMoney } from "./line_money.js";
import { saysTotal, TOTAL_LINE } from "./total_lines.js";

/**
 * In bytes. Customers are a clustering column of the tables of results: one that does not fit would stop a run behind its training.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html
 */
const LONGEST_KEY = 850;

/** Reads the fields of one record after the other, in the order of their file. */
export interface LineReader {
  /** The line, or why the fields are none. */
  line(fields: readonly string[], isReturn: boolean): UnnumberedLine | string;
  /** Takes the header once more, which may have further columns behind those of the first, or lack some that are not used. */
  header(fields: readonly string[]): void;
  /** What fields come to that are no invoice line for another reason. */
  worth(fields: readonly string[]): Decimal | undefined;
}

/** By a constructor, as `PlainRecord` is. */
class ReadLine implements UnnumberedLine {
  readonly invoice: string;
  readonly stockCode: string;
  line = 0;
  readonly description: string | null;
  readonly quantity: Decimal;
  readonly invoiceDate: Date;
  readonly price: Decimal;
  readonly customerId: string | null;
  readonly country: string | null;

  constructor(
    invoice: string,
    stockCode: string,
    description: string | null,
    quantity: Decimal,
    invoiceDate: Date,
    price: Decimal,
    customerId: string | null,
    country: string | null,
  ) {
    this.invoice = invoice;
    this.stockCode = stockCode;
    this.description = description;
    this.quantity = quantity;
    this.invoiceDate = invoiceDate;
    this.price = price;
    this.customerId = customerId;
    this.country = country;
  }
}

/** @param ids what is told of customer ids in two spellings */
export function lineReader(reading: Reading, ids: CustomerIdReader): LineReader {
  const { positions, fit, orderFields, stockCodes } = reading;
  const { mayEndEarly } = fit;
  let { width } = fit;
  const widest = Math.max(...Object.values(positions), ...reading.orderStates.columns.map((each) => each.at));
  const readDate = remembered(dateReader(reading.dates));
  const money = new LineMoney(reading);
  const orNull = (text: string): string | null => (text === "" ? null : detached(text));
  const [readLabel, readCountry] = [remembered(orNull), remembered(orNull)];
  const exceptions = new Set(reading.nobody.except?.map((word) => word.toLowerCase()));
  const readCustomer = remembered((text) => {
    const id = ids.read(text);
    return id !== null && isWord(id, reading.ids.customer) && !exceptions.has(id.toLowerCase()) ? null : id;
  });
  let lastCustomer: string | null = null;
  let lastRefused = "";
  const readRefused = (id: string | null): string => {
    if (id !== lastCustomer) {
      lastCustomer = id;
      lastRefused = id === null ? "" : refusedId("customer id", id, reading.ids.customer);
    }
    return lastRefused;
  };
  const { own, payers } = reading;
  /** The customer of a line; of what the shop itself has sent, who got it. */
  const payerOf = (customer: string, fields: readonly string[]): string => {
    if (own !== "") return customer.toLowerCase() === own ? field(fields, positions.receiver) : customer;
    if (payers.own === "" || customer.toLowerCase() !== payers.own) return customer;
    return payers.customers.get(field(fields, payers.reference)) ?? customer;
  };
  const noSales = new Set(reading.noSales);
  const lateKind = lateKinds(reading.kindsSeen);
  const { orderStates } = reading;
  const isNoSaleKind = (kind: string): boolean => noSales.has(kind) || lateKind(kind) === "no_sale";
  const voidOf = remembered((states) => voidStateOf(states.split("\n"), orderStates));
  const formats = { quantity: reading.quantity ?? reading.price, price: reading.price };
  const isPartly = partlyPaidBack(orderStates.paidBack, positions, formats);
  const cancelled = orderStates.cancelled.map(({ at, by, isRefund }) => ({
    at,
    isRefund,
    isOff: remembered((text) => isCancelled(text, by)),
  }));
  /** Whether a column says that a line is no sale, by what it has or, where that is blank, by what the order's first line has. */
  const isOffBy = (fields: readonly string[], first: readonly string[], isPart: boolean): boolean =>
    cancelled.some(({ at, isOff, isRefund }, i) => {
      const text = field(fields, at) || (first[i] ?? "");
      return text !== "" && isOff(text) && !(isRefund && isPart);
    });
  const isCredit = creditNumbers(reading.creditNotes);
  const plainInvoice = idNumberReader(reading.ids.invoice);
  /** What the first line of an order has, and what its number is, or why it is none. */
  const before = {
    text: "",
    invoice: "",
    refused: "",
    dateText: "",
    customer: "",
    states: NONE,
    cancelled: NONE,
    isCredit: false,
  };
  const isNumbered = positions.invoice !== undefined;
  const markOf = remembered(customerMark);
  const ofLines = new Set(orderStates.ofLines);
  const stateColumns = orderStates.columns.map(({ at }) => at);
  const field = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at]?.trim() ?? "");
  /** What a first line has for the whole order. */
  const passedOn = (fields: readonly string[], position: number): string =>
    ofLines.has(position) ? "" : detached(field(fields, position));
  /** The states of a line, one a line; where one is blank, that of the order's first line. */
  const statesOf = (fields: readonly string[], first: readonly string[]): string => {
    let states = "";
    for (const [i, position] of stateColumns.entries()) {
      const state = field(fields, position) || (first[i] ?? "");
      states = i === 0 ? state : `${states}\n${state}`;
    }
    return states;
  };
  const fits = (fields: readonly string[]): boolean => {
    if (fields.length === width || (mayEndEarly && fields.length < width)) return true;
    // What is empty at the end is no field.
    for (let extra = width; extra < fields.length; extra++) if (fields[extra]!.trim() !== "") return false;
    return fields.length > width;
  };

  return {
    line(record, isReturn) {
      if (!fits(record)) return `${record.length} fields instead of ${width}`;
      const fields = ownFields(record, fit);
      const label = field(fields, positions.description);
      const number = field(fields, positions.invoice);
      let day = dateText(fields, positions);
      let customer = field(fields, positions.customerId);
      const code = field(fields, positions.stockCode);
      const continues =
        (isNumbered && number === before.text) ||
        (orderFields.invoice &&
          number === "" &&
          (code || label) !== "" &&
          (day === "" || (day === before.dateText && customer === before.customer)));
      if (continues) {
        if (orderFields.invoiceDate && day === "") day = before.dateText;
        if (orderFields.customerId && customer === "") customer = before.customer;
      } else {
        before.text = detached(number);
        before.invoice = saysNothing(number) ? "" : detached(plainInvoice(unwrapped(number)));
        before.isCredit = isCredit(before.invoice);
        before.refused = refusedId("invoice number", before.invoice, reading.ids.invoice);
        if (saysTotal(before.invoice) || saysTotal(customer)) before.refused = TOTAL_LINE;
        before.dateText = detached(day);
        before.customer = detached(customer);
        if (stateColumns.length > 0) before.states = stateColumns.map((position) => passedOn(fields, position));
        if (cancelled.length > 0) before.cancelled = cancelled.map((of) => passedOn(fields, of.at));
      }
      const isPart = isPartly(fields, !continues);
      const { invoice } = before;
      if (isNumbered && invoice === "") return "no invoice number";
      if (before.refused !== "") return before.refused;
      const off = stateColumns.length === 0 ? "" : voidOf(statesOf(fields, before.states));
      if (off !== "") return `the state of the order is ${JSON.stringify(off)}`;
      if (cancelled.length > 0 && isOffBy(fields, before.cancelled, isPart)) return "cancelled or given back";
      if (positions.type !== undefined && isNoSaleKind(field(fields, positions.type))) return NO_SALE;
      if (saysTotal(code || label)) return TOTAL_LINE;
      const stockCode = code || (stockCodes.orDescription ? label : stockCodes.areMissing ? NO_CODE : "");
      if (stockCode === "") return "no stock code";
      const unread = money.read(fields);
      if (unread !== undefined) return unread;
      if (before.isCredit || isReturn) money.turn();
      const invoiceDate = readDate(day);
      if (invoiceDate === undefined)
        return day === "" ? "no date" : `${JSON.stringify(day)} is not a date as the file writes them`;
      const customerId = readCustomer(payerOf(customer, fields));
      const refused = readRefused(customerId);
      if (refused !== "") return refused;
      if (customerId !== null && customerId.length > LONGEST_KEY / 3 && Buffer.byteLength(customerId) > LONGEST_KEY) {
        return `the customer id has ${Buffer.byteLength(customerId)} bytes, a key in Keyspaces at most ${LONGEST_KEY}`;
      }
      return new ReadLine(
        isNumbered ? invoice : purchaseNumber(invoiceDate, customerId === null ? "" : markOf(customerId)),
        stockCode,
        readLabel(label),
        money.quantity,
        invoiceDate,
        money.price,
        customerId,
        readCountry(field(fields, positions.country)),
      );
    },
    header(fields) {
      if (fields.length > widest && fit.width === reading.header.length) width = fields.length;
    },
    worth(record) {
      if (!fits(record) || money.read(ownFields(record, fit)) !== undefined) return undefined;
      const { units, scale } = lineAmount(money);
      return { unscaled: BigInt(units), scale };
    },
  };
}

const NONE: readonly string[] = [];
const NO_SALE = "a kind of line that is no sale";

/** The stock code of all lines, where a file has none. */
const NO_CODE = "-";
