import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision, TableRecord } from "@keyspaces-segmentation/table-files";
import {
  askWhereMostAreCancelled,
  type CancelledColumn,
  cancelledColumnsOf,
  isCancelled,
} from "./cancelled_columns.js";
import { simplified, tierOf } from "./column_names.js";
import { listed, type Positions } from "./map_columns.js";
import { isBelowZero } from "./signs.js";
import { isGivenBack, isNoSale, isSold, mayBeNoSale, type StateRules } from "./state_words.js";

/** Which states of an order mean that its lines are no sales. */
export interface OrderStates extends StateRules {
  readonly columns: readonly StateColumn[];
  /** Columns called "Cancelled", "Refunded at" or "Cancel reason" that say of a line that it is no sale. */
  readonly cancelled: readonly CancelledColumn[];
  readonly text: string;
}

/** A column with states: of the order or its payment, of its way to the customer, or of what came back. */
export interface StateColumn {
  readonly at: number;
  readonly of: "order" | "delivery" | "return";
}

/** Of some states of a line, in the order of their columns, that which makes it no sale; "" for none. */
export function voidStateOf(
  states: readonly string[],
  { columns, ...rules }: Omit<OrderStates, "cancelled" | "text">,
): string {
  const isSoldAsOrder = states.some((state, i) => columns[i]!.of === "order" && isSold(state));
  const isVoid = (state: string, of: StateColumn["of"]): boolean => {
    // A return that was refused, or called off, leaves the sale.
    if (of === "return") return isGivenBack(state, rules);
    // A parcel that went astray goes out once more where the order is done.
    return !(of === "delivery" && isSoldAsOrder) && isNoSale(state, rules);
  };
  return states.find((state, i) => state !== "" && isVoid(state, columns[i]!.of)) ?? "";
}

/** When an invoice is to be paid at last, as it is where a shop sells on account. */
const DUE =
  /^(?:payment)?due(?:date|on|by)?$|^(?:fallig(?:keit|keitsdatum|am|bis)?|zahlungsziel|echeance|datedecheance|vencimiento|scadenza|vervaldatum|termin(?:platnosci)?)$/;

/** As many states are named. */
const NAMED = 5;

const named = (states: ReadonlySet<string>): string =>
  [...states].slice(0, NAMED).join(", ") + (states.size > NAMED ? " and others" : "");

/** More different values are no states. */
const MOST_STATES = 12;

/** Of something else than the order: of a message, of data that are sent. */
const OF_OTHERS = /mail|sms|sync|export|notif|webhook|review|sent$/;
const OF_RETURNS = /return|refund/;
const OF_DELIVERY = /deliver|ship|courier|liefer|versand/;

/** The columns that say what became of an order: by their names, or by values some of which are of a sale and some of none. */
export function statusColumnsOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  given: string | undefined,
): StateColumn[] {
  const { status, ...others } = positions;
  const columnAt = (at: number): StateColumn => {
    const name = simplified(header[at]!);
    return { at, of: OF_RETURNS.test(name) ? "return" : OF_DELIVERY.test(name) ? "delivery" : "order" };
  };
  if (given !== undefined) return status === undefined ? [] : [{ at: status, of: "order" }];
  const used = new Set<number>(Object.values(others));
  const isStatus = (at: number): boolean => {
    if (at === status) return true;
    if (used.has(at)) return false;
    if (tierOf("status", header[at]!) !== null) return true;
    if (OF_OTHERS.test(simplified(header[at]!))) return false;
    const states = new Set<string>();
    for (const { fields } of body) if (states.add(fields[at + shift]?.trim() ?? "").size > MOST_STATES) return false;
    const known = [...states];
    return known.some(isSold) && known.some(mayBeNoSale);
  };
  return [...header.keys()].filter(isStatus).map(columnAt);
}

/** Finds the orders of a file that are no sales, by their states in some columns. */
export function orderStatesOf(
  body: readonly TableRecord[],
  header: readonly string[],
  positions: Positions,
  {
    columns,
    shift,
    hasReturns,
    given,
  }: { columns: readonly StateColumn[]; shift: number; hasReturns: boolean; given: string | undefined },
): Decision<OrderStates> {
  const { invoice, quantity, price, amount, credit } = positions;
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
  const isBack = (fields: readonly string[]): boolean =>
    /[1-9]/.test(value(fields, credit)) || [value(fields, quantity), value(fields, price ?? amount)].some(isBelowZero);
  // A coupon takes from what else is on its invoice; what was paid back stands alone.
  const withSales = new Set(body.filter(({ fields }) => !isBack(fields)).map(({ fields }) => value(fields, invoice)));
  const hasBelowZero = body.some(({ fields }) => isBack(fields) && !withSales.has(value(fields, invoice)));
  const withRefunded = !hasBelowZero && !hasReturns;
  const withUnpaid = header.some((name) => DUE.test(simplified(name)));
  const cancelled = cancelledColumnsOf(body, header, positions, { shift, withRefunded, given });
  if (given === undefined) askWhereMostAreCancelled(body, header, { cancelled, shift });
  const counts = new Map<string, number>();
  const others = new Set<string>();
  const count = (state: string): unknown => counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const { fields } of body) {
    const states = columns.map(({ at }) => value(fields, at));
    const state = voidStateOf(states, { columns, withRefunded, withUnpaid });
    const off = cancelled.find(({ at, by }) => isCancelled(value(fields, at), by));
    if (state !== "") count(JSON.stringify(state));
    else if (off !== undefined) count(`what has something in ${listed([header[off.at]!])}`);
    else for (const each of states) if (each !== "") others.add(JSON.stringify(each));
  }
  const lines = [...counts.values()].reduce((sum, each) => sum + each, 0);
  return {
    value: {
      columns,
      withRefunded,
      withUnpaid,
      cancelled,
      text:
        lines === 0
          ? `${named(others)}: sales`
          : `${[...counts.keys()].slice(0, NAMED).join(", ")}: rejected, as no sale`,
    },
    evidence:
      lines > 0
        ? `${formatPlural(lines, "line")} of the sample ${pluralForm(lines, "has", "have")} such a state${others.size === 0 ? "" : `; sales: ${named(others)}`}`
        : others.size > 1
          ? "none of these is known to mean that an order came to nothing"
          : "",
    confidence: "likely",
  };
}
