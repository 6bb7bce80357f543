import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision, TableRecord } from "@keyspaces-segmentation/table-files";
import {
  askWhereMostAreCancelled,
  askWherePieces,
  type CancelledColumn,
  cancelledColumnsOf,
  isCancelled,
} from "./cancelled_columns.js";
import { simplified, tierOf } from "./column_names.js";
import { type GivenColumns, listed, type Positions } from "./map_columns.js";
import { partlyPaidBack } from "./partial_refunds.js";
import { LARGEST_SHARE_OF_RETURNS } from "./returns_share.js";
import { isBelowZero } from "./signs.js";
import { isGivenBack, isNoSale, isSold, isUnpaid, mayBeNoSale, type StateRules } from "./state_words.js";
import { UndecidedError } from "./undecided.js";
import type { Amounts } from "./worth.js";

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

/** When an invoice is to be paid at last, or what is left to be paid of it, as where a shop sells on account. */
const ON_ACCOUNT =
  /^(?:payment)?due(?:date|on|by)?$|^(?:invoice)?(?:amount|balance)due$|^(?:open)?balance$|^(?:payment)?terms$|^(?:fallig(?:keit|keitsdatum|am|bis)?|zahlungsziel|zahlungsbedingung(?:en)?|echeance|datedecheance|resteapayer|vencimiento|scadenza|vervaldatum|termin(?:platnosci)?)$/;

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

/** Of fewer lines any share may wait. */
const MANY_LINES = 20;

/** @throws UndecidedError where more lines wait for their payment than come to nothing in any shop: they may be sold on account */
function askWhereManyWait(
  body: readonly TableRecord[],
  header: readonly string[],
  { columns, shift }: { columns: readonly StateColumn[]; shift: number },
): void {
  for (const { at } of columns) {
    const states = body.map(({ fields }) => fields[at + shift]?.trim() ?? "").filter(isUnpaid);
    if (body.length < MANY_LINES || states.length <= LARGEST_SHARE_OF_RETURNS * body.length) continue;
    const [name, state] = [listed([header[at]!]), JSON.stringify(states[0])];
    throw new UndecidedError({
      parameter: "columns",
      got: `${name} has ${state} on ${formatPlural(states.length, "line")} of ${formatPlural(body.length, "line")} of the sample, many for orders that came to nothing: they may be sold on account`,
      choices: [
        { value: "status=-", reads: ["all lines as sales"] },
        { value: `status=${name}`, reads: [`those with ${state} as no sales`] },
      ],
    });
  }
}

/** Finds the orders of a file that are no sales, by their states in some columns. */
export function orderStatesOf(
  body: readonly TableRecord[],
  header: readonly string[],
  positions: Positions,
  {
    columns,
    shift,
    formats,
    hasReturns,
    given,
  }: {
    columns: readonly StateColumn[];
    shift: number;
    formats: Amounts["formats"];
    hasReturns: boolean;
    given: GivenColumns["names"];
  },
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
  const withUnpaid = header.some((name) => ON_ACCOUNT.test(simplified(name)));
  const isPartly = partlyPaidBack(body, header, { positions, shift, formats });
  const cancelled = cancelledColumnsOf(body, header, positions, {
    shift,
    withRefunded,
    isPartly,
    given: given.cancelled,
  });
  if (given.cancelled === undefined) {
    askWhereMostAreCancelled(body, header, { cancelled, shift });
    askWherePieces(body, header, { cancelled, positions, shift });
  }
  if (given.status === undefined && !withUnpaid) askWhereManyWait(body, header, { columns, shift });
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
