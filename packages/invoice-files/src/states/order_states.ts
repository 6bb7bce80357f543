import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import { simplified, tierOf } from "../columns/column_names.js";
import type { GivenColumns } from "../columns/given_columns.js";
import { fieldAt, type Table } from "../columns/table.js";
import { belowZeroReader } from "../money/signs.js";
import type { NumberFormats } from "../money/worth.js";
import { isOfLines } from "../orders/fields_of_lines.js";
import { invoiceKeyReader } from "../orders/purchases.js";
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

/** Finds the orders of a file that are no sales, by their states in some columns. */
export function orderStatesOf(
  table: Table,
  formats: NumberFormats,
  {
    columns: all,
    hasReturns,
    given,
  }: { columns: readonly StateColumn[]; hasReturns: boolean; given: GivenColumns["names"] },
): Decision<OrderStates> {
  const { lines: body, positions } = table;
  const { credit } = positions;
  const invoiceOf = invoiceKeyReader(positions);
  const isBelowZero = belowZeroReader(table);
  const isBack = (fields: readonly string[]): boolean => /[1-9]/.test(fieldAt(fields, credit)) || isBelowZero(fields);
  // A coupon takes from what else is on its invoice; what was paid back stands alone.
  const withSales = new Set(body.filter(({ fields }) => !isBack(fields)).map(({ fields }) => invoiceOf(fields)));
  const hasBelowZero = body.some(({ fields }) => isBack(fields) && !withSales.has(invoiceOf(fields)));
  const withRefunded = !hasBelowZero && !hasReturns;
  const named = cancelledColumnsOf(table, { withRefunded, given: given.cancelled });
  const isGiven = given.cancelled !== undefined || given.status !== undefined;
  const { columns, cancelled, ofReturns } = isGiven
    ? { columns: all, cancelled: named, ofReturns: [] }
    : withoutStatesOfReturns(table, { columns: all, cancelled: named }, isBack);
  if (given.cancelled === undefined) askWhereMostAreCancelled(table, cancelled);
  const stateColumns = columns.map(({ at }) => at);
  const withUnpaid = isOnAccount(table, stateColumns, formats);
  const isMarked = (fields: readonly string[]): boolean =>
    cancelled.some(({ at, by, isRefund }) => isRefund && isCancelled(fieldAt(fields, at), by));
  const paidBack = given.cancelled === undefined ? paidBackColumnsOf(table, formats, isMarked) : [];
  const isPartly = partlyPaidBack(paidBack, positions, formats);
  if (given.status === undefined && !withUnpaid) askWhereManyWait(table, stateColumns);
  const counts = new Map<string, number>();
  let partial = 0;
  let last: string | undefined;
  const others = new Set<string>();
  const count = (state: string): unknown => counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const { fields } of body) {
    const states = columns.map(({ at }) => fieldAt(fields, at));
    const state = voidStateOf(states, { columns, withRefunded, withUnpaid });
    const isPart = isPartly(fields, invoiceOf(fields) !== last);
    last = invoiceOf(fields);
    const marks = cancelled.filter(({ at, by }) => isCancelled(fieldAt(fields, at), by));
    const off = marks.find(({ isRefund }) => !isRefund || !isPart);
    if (state === "" && off === undefined && marks.length > 0) partial++;
    if (state !== "") count(JSON.stringify(state));
    else if (off !== undefined) count(`what has something in ${table.nameOf(off.at)}`);
    else for (const each of states) if (each !== "") others.add(JSON.stringify(each));
  }
  const lines = [...counts.values()].reduce((sum, each) => sum + each, 0);
  return {
    value: {
      columns,
      withRefunded,
      withUnpaid,
      cancelled,
      paidBack,
      ofLines: [...columns, ...cancelled].map(({ at }) => at).filter((at) => isOfLines(table, at, invoiceOf)),
      ofReturns,
      text:
        lines === 0
          ? [
              ...(others.size === 0 ? [] : [`${listOf(others)}: sales`]),
              ...(ofReturns.length === 0 ? [] : ["none but returns are called off"]),
            ].join("; ")
          : `${[...counts.keys()].slice(0, NAMED).join(", ")}: rejected, as no sale`,
    },
    evidence: [
      ...(lines > 0
        ? [`${formatPlural(lines, "line")} of the sample ${pluralForm(lines, "has", "have")} such a state`]
        : []),
      ...(lines > 0 && others.size > 0 ? [`sales: ${listOf(others)}`] : []),
      ...(lines === 0 && others.size > 1 ? ["none of these is known to mean that an order came to nothing"] : []),
      ...ofReturns.map((at) => `${table.nameOf(at)} calls off lines below zero alone, which count as returns`),
      ...(partial > 0
        ? [
            `${formatPlural(partial, "line")} of which a part was paid back ${pluralForm(partial, "counts", "count")} as sales`,
          ]
        : []),
    ].join("; "),
    confidence: "likely",
  };
}
