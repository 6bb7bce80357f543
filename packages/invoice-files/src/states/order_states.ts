import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision, TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified, tierOf } from "../columns/column_names.js";
import type { GivenColumns } from "../columns/given_columns.js";
import { fieldAt, type Table } from "../columns/table.js";
import { belowZeroReader } from "../money/signs.js";
import { aboutReader, type NumberFormats } from "../money/worth.js";
import { isOfLines } from "../orders/order_fields.js";
import { invoiceKeyReader } from "../orders/purchases.js";
import { remembered } from "../remembered.js";
import {
  askWhereMostAreCancelled,
  type CancelledColumn,
  cancelledColumnsOf,
  isCancelled,
} from "./cancelled_columns.js";
import { askWhereManyWait, isOnAccount } from "./on_account.js";
import { paidBackColumnsOf, partlyPaidBack } from "./partial_refunds.js";
import {
  isFault,
  isGivenBack,
  isNoSale,
  isSold,
  mayBeNoSale,
  type StateColumn,
  type StateRules,
} from "./state_words.js";
import { withoutStatesOfReturns } from "./states_of_returns.js";

/** Which states of an order mean that its lines are no sales. */
export interface OrderStates extends StateRules {
  readonly columns: readonly StateColumn[];
  /** Columns called "Cancelled", "Refunded at" or "Cancel reason" that say of a line that it is no sale. */
  readonly cancelled: readonly CancelledColumn[];
  /** Columns with how much was paid back of what one of those says was paid back. */
  readonly paidBack: readonly number[];
  /** Columns that later lines of orders have values in as well, so that a blank says nothing of what the first line has. */
  readonly ofLines: readonly number[];
  /** Columns that call off the lines below zero and no others, which say nothing else than their sign. */
  readonly ofReturns: readonly number[];
  readonly text: string;
}

/** Of some states of a line, in the order of their columns, that which makes it no sale; "" for none. */
export function voidStateOf(
  states: readonly string[],
  { columns, ...rules }: StateRules & Pick<OrderStates, "columns">,
): string {
  const isSoldAsOrder = states.some((state, i) => columns[i]!.of === "order" && isSold(state));
  const isVoid = (state: string, { of, isNamed }: StateColumn): boolean => {
    // A return that was refused, or called off, leaves the sale.
    if (of === "return") return isGivenBack(state, rules);
    // A parcel that went astray goes out once more where the order is done.
    if (of === "delivery" && isSoldAsOrder) return false;
    return isNoSale(state, rules) || (isNamed && of === "order" && isFault(state));
  };
  return states.find((state, i) => state !== "" && isVoid(state, columns[i]!)) ?? "";
}

/** As many states are named. */
const NAMED = 5;

const listOf = (states: ReadonlySet<string>): string =>
  [...states].slice(0, NAMED).join(", ") + (states.size > NAMED ? " and others" : "");

/** More different values are no states. */
const MOST_STATES = 12;

/** More of what was paid back than this for each that stands below zero, and those below zero are not what paid it back. */
const MOST_REFUNDED = 10;

/** Of something else than the order: of a message, of data that are sent. */
const OF_OTHERS = /mail|sms|sync|export|notif|webhook|review|sent$/;
const OF_RETURNS = /return|refund/;
const OF_DELIVERY = /deliver|ship|courier|liefer|versand/;

/** The columns that say what became of an order: by their names, or by values some of which are of a sale and some of none. */
export function statusColumnsOf(table: Table, given: string | undefined): StateColumn[] {
  const { header } = table;
  const { status } = table.positions;
  const columnAt = (at: number): StateColumn => {
    const name = simplified(header[at]!);
    const of = OF_RETURNS.test(name) ? "return" : OF_DELIVERY.test(name) ? "delivery" : "order";
    return { at, of, isNamed: at === status || tierOf("status", header[at]!) !== null };
  };
  if (given !== undefined) return status === undefined ? [] : [{ at: status, of: "order", isNamed: true }];
  const isStatus = (at: number): boolean => {
    if (at === status || tierOf("status", header[at]!) !== null) return true;
    if (OF_OTHERS.test(simplified(header[at]!))) return false;
    const states = [...table.countsAt(at).keys()];
    return states.length <= MOST_STATES && states.some(isSold) && states.some(mayBeNoSale);
  };
  return table.unused("status").filter(isStatus).map(columnAt);
}

/** What is known of a file before its states are looked at. */
interface StatesKnown {
  readonly columns: readonly StateColumn[];
  /** Whether kinds of lines tell credit notes. */
  readonly hasReturns: boolean;
  readonly given: GivenColumns["names"];
}

/** How the states of orders are taken, and in which columns they stand. */
type OrderRules = Omit<OrderStates, "text">;

/**
 * Finds the orders of a file that are no sales, by their states in some columns.
 *
 * @throws UndecidedError where a column would make more lines no sales than come to nothing in any shop
 */
export function orderStatesOf(table: Table, formats: NumberFormats, known: StatesKnown): Decision<OrderStates> {
  const rules = orderRulesOf(table, formats, known);
  const seen = statesSeen(table, formats, rules);
  const { columns, withRefunded, withUnpaid, cancelled, paidBack, ofLines, ofReturns } = rules;
  const text = textOf(rules, seen);
  return {
    value: { columns, withRefunded, withUnpaid, cancelled, paidBack, ofLines, ofReturns, text },
    evidence: evidenceOf(table, rules, seen),
    confidence: "likely",
  };
}

function orderRulesOf(
  table: Table,
  formats: NumberFormats,
  { columns: all, hasReturns, given }: StatesKnown,
): OrderRules {
  const { positions } = table;
  const invoiceOf = invoiceKeyReader(positions);
  const isBelowZero = belowZeroReader(table);
  const isCredit = table.linesTest([positions.credit], (text) => /[1-9]/.test(text));
  const isBack = (fields: readonly string[]): boolean => isCredit(fields) || isBelowZero(fields);
  const withRefunded = !hasReturns && !areTakenOff(table, formats, { columns: all, isBack });
  const named = cancelledColumnsOf(table, { withRefunded, given: given.cancelled });
  const isGiven = given.cancelled !== undefined || given.status !== undefined;
  const { columns, cancelled, ofReturns } = isGiven
    ? { columns: all, cancelled: named, ofReturns: [] }
    : withoutStatesOfReturns(table, { columns: all, cancelled: named }, isBack);
  if (given.cancelled === undefined) askWhereMostAreCancelled(table, cancelled);
  const stateColumns = columns.map(({ at }) => at);
  const withUnpaid = isOnAccount(table, stateColumns, formats);
  if (given.status === undefined && !withUnpaid) askWhereManyWait(table, stateColumns);
  const isMarked = (fields: readonly string[]): boolean =>
    cancelled.some(({ at, by, isRefund }) => isRefund && isCancelled(fieldAt(fields, at), by));
  const paidBack = given.cancelled === undefined ? paidBackColumnsOf(table, formats, isMarked) : [];
  const ofLines = [...columns, ...cancelled].map(({ at }) => at).filter((at) => isOfLines(table, at, invoiceOf));
  return { columns, withRefunded, withUnpaid, cancelled, paidBack, ofLines, ofReturns };
}

/** Whether what is below zero takes refunded orders off, as far as their invoices, lines and pieces are enough for them. */
function areTakenOff(
  { lines, positions }: Table,
  formats: NumberFormats,
  { columns, isBack }: { columns: readonly StateColumn[]; isBack: (fields: readonly string[]) => boolean },
): boolean {
  const invoiceOf = invoiceKeyReader(positions);
  const isRefunded = (fields: readonly string[]): boolean =>
    columns.some(({ at }) => isGivenBack(fieldAt(fields, at), { withRefunded: true }));
  const back = lines.filter(({ fields }) => isBack(fields));
  if (back.length === 0) return false;
  const others = lines.filter(({ fields }) => !isBack(fields));
  // A coupon takes from what else is on its invoice; what was paid back stands alone.
  const sold = new Set(others.map(({ fields }) => invoiceOf(fields)));
  const slips = back.filter(({ fields }) => !sold.has(invoiceOf(fields)));
  if (slips.length === 0) return false;
  const refunded = others.filter(({ fields }) => isRefunded(fields));
  const readPieces = aboutReader(formats.quantity);
  const sizesOf = (of: readonly TableRecord[]): number[] => [
    new Set(of.map(({ fields }) => invoiceOf(fields))).size,
    of.length,
    of.reduce((sum, { fields }) => sum + (Math.abs(readPieces(fields, positions.quantity)) || 1), 0),
  ];
  const taken = sizesOf(slips);
  return sizesOf(refunded).some((size, i) => size <= MOST_REFUNDED * taken[i]!);
}

/** What states of orders have made of the lines of a sample. */
interface StatesSeen {
  /** Why lines are no sales, and how many. */
  readonly off: ReadonlyMap<string, number>;
  /** States of the others. */
  readonly sold: ReadonlySet<string>;
  /** Lines of which a part was paid back. */
  readonly partial: number;
}

function statesSeen(table: Table, formats: NumberFormats, rules: OrderRules): StatesSeen {
  const off = new Map<string, number>();
  const sold = new Set<string>();
  let partial = 0;
  if (rules.columns.length === 0 && rules.cancelled.length === 0) return { off, sold, partial };
  const { lines, positions } = table;
  const invoiceOf = invoiceKeyReader(positions);
  const isPartly = partlyPaidBack(rules.paidBack, positions, formats);
  const voidOf = remembered((states) => voidStateOf(states.split("\0"), rules));
  const cancelled = rules.cancelled.map(({ at, by, isRefund }) => ({
    at,
    isRefund,
    isOff: remembered((text) => isCancelled(text, by)),
  }));
  const count = (why: string): unknown => off.set(why, (off.get(why) ?? 0) + 1);
  let last: string | undefined;
  for (const { fields } of lines) {
    const states = rules.columns.map(({ at }) => fieldAt(fields, at));
    const state = states.length === 0 ? "" : voidOf(states.join("\0"));
    const isPart = isPartly(fields, invoiceOf(fields) !== last);
    last = invoiceOf(fields);
    const marks = cancelled.filter(({ at, isOff }) => isOff(fieldAt(fields, at)));
    const mark = marks.find(({ isRefund }) => !isRefund || !isPart);
    if (state === "" && mark === undefined && marks.length > 0) partial++;
    if (state !== "") count(JSON.stringify(state));
    else if (mark !== undefined) count(`what has something in ${table.nameOf(mark.at)}`);
    else for (const each of states) if (each !== "") sold.add(JSON.stringify(each));
  }
  return { off, sold, partial };
}

function textOf({ ofReturns }: OrderRules, { off, sold }: StatesSeen): string {
  if (off.size > 0) return `${[...off.keys()].slice(0, NAMED).join(", ")}: rejected, as no sale`;
  return [
    ...(sold.size === 0 ? [] : [`${listOf(sold)}: sales`]),
    ...(ofReturns.length === 0 ? [] : ["none but returns are called off"]),
  ].join("; ");
}

function evidenceOf(table: Table, { ofReturns }: OrderRules, { off, sold, partial }: StatesSeen): string {
  const lines = [...off.values()].reduce((sum, each) => sum + each, 0);
  return [
    ...(lines > 0
      ? [`${formatPlural(lines, "line")} of the sample ${pluralForm(lines, "has", "have")} such a state`]
      : []),
    ...(lines > 0 && sold.size > 0 ? [`sales: ${listOf(sold)}`] : []),
    ...(lines === 0 && sold.size > 1 ? ["none of these is known to mean that an order came to nothing"] : []),
    ...ofReturns.map((at) => `${table.nameOf(at)} calls off lines below zero alone, which count as returns`),
    ...(partial > 0
      ? [
          `${formatPlural(partial, "line")} of which a part was paid back ${pluralForm(partial, "counts", "count")} as sales`,
        ]
      : []),
  ].join("; ");
}
