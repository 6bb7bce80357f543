import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeDate, saysNothing, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified, tierOf } from "./column_names.js";
import { isFlag, saysYes } from "./flags.js";
import { listed, type Positions } from "./map_columns.js";
import { LARGEST_SHARE_OF_RETURNS } from "./returns_share.js";
import { isBelowZero } from "./signs.js";
import { isGivenBack, isNoSale, isSold, mayBeNoSale, type StateRules } from "./state_words.js";
import { UndecidedError } from "./undecided.js";

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

/** A column of which some fields say that a line is no sale: by yes or a date, or by anything. */
export interface CancelledColumn {
  readonly at: number;
  readonly by: "when" | "anything";
}

/** Whether a field of a column called "Cancelled" says that it is so: by yes, by a count other than 0, or by when it was. */
export const isCancelled = (text: string, by: CancelledColumn["by"]): boolean =>
  by === "anything"
    ? !saysNothing(text) && !/^(?:not|never)\b/i.test(text) && !isFlag([text], { withNumbers: true })
    : saysYes(text) || text === "1" || /^test$/i.test(text) || looksLikeDate(text);

/** Of a column that says by yes or a date what was cancelled, nearly all fields do, or are empty. */
const saysWhen = (text: string): boolean =>
  text === "" ||
  isCancelled(text, "when") ||
  isFlag([text], { withNumbers: true }) ||
  /^(?:live|production)$/i.test(text) ||
  saysNothing(text);

/** Where a shop is tried out, the words that say so: elsewhere a mode may be one of anything. */
const OF_TRIALS = /^(?:mode|environment|test(?:mode)?)$/;
const TRIAL = /^(?:live|test|prod|production|sandbox|true|false|yes|no)?$/i;
const REASON = /cancel.*(?:reason|by|grund)$|stornogrund$/;
/** When an invoice is to be paid at last, as it is where a shop sells on account. */
const DUE =
  /^(?:payment)?due(?:date|on|by)?$|^(?:fallig(?:keit|keitsdatum|am|bis)?|zahlungsziel|echeance|datedecheance|vencimiento|scadenza|vervaldatum|termin(?:platnosci)?)$/;

/** As many states are named. */
const NAMED = 5;

const named = (states: ReadonlySet<string>): string =>
  [...states].slice(0, NAMED).join(", ") + (states.size > NAMED ? " and others" : "");

/** More different values are no states. */
const MOST_STATES = 12;

/** Of something else than the order: of a message, of data that are sent, of a return that may have been refused. */
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
    const states = new Set<string>();
    for (const { fields } of body) if (states.add(fields[at + shift]?.trim() ?? "").size > MOST_STATES) return false;
    const known = [...states];
    if (OF_OTHERS.test(simplified(header[at]!))) return false;
    return known.some(isSold) && known.some(mayBeNoSale);
  };
  return [...header.keys()].filter(isStatus).map(columnAt);
}

/** The columns that say by yes, by when or by why that lines are no sales. */
function cancelledColumnsOf(
  body: readonly TableRecord[],
  header: readonly string[],
  positions: Positions,
  { shift, withRefunded, given }: { shift: number; withRefunded: boolean; given: string | undefined },
): CancelledColumn[] {
  const { cancelled, quantity, ...others } = positions;
  if (given === "-") return [];
  const used = new Set<number>(Object.values(others));
  const value = (fields: readonly string[], at: number): string => fields[at + shift]?.trim() ?? "";
  return [...header.keys()].flatMap((at): CancelledColumn[] => {
    const isNamed = given === undefined && tierOf("cancelled", header[at]!) !== null;
    if (at === quantity || used.has(at) || (at !== cancelled && !isNamed)) return [];
    const name = simplified(header[at]!);
    if (given === undefined && OF_TRIALS.test(name) && !body.every(({ fields }) => TRIAL.test(value(fields, at))))
      return [];
    const isRefund = /refund|return|erstatt|retour|rembours/.test(name);
    if (isRefund && !withRefunded) return [];
    if (REASON.test(name)) return [{ at, by: "anything" }];
    // A 1 may be how many of several pieces came back.
    const isWhole = (fields: readonly string[]): boolean =>
      value(fields, at) !== "1" || quantity === undefined || /^1(?:[.,]0*)?$/.test(value(fields, quantity));
    const saysIt = body.every(({ fields }) => saysWhen(value(fields, at)) && (!isRefund || isWhole(fields)));
    return saysIt ? [{ at, by: "when" }] : [];
  });
}

/** Of fewer lines any share may be cancelled. */
const MANY_LINES = 20;

/** @throws UndecidedError where a column would make more lines no sales than come to nothing in any shop: it may be a date by which */
function askWhereMostAreCancelled(
  body: readonly TableRecord[],
  header: readonly string[],
  { cancelled, shift }: { cancelled: readonly CancelledColumn[]; shift: number },
): void {
  if (body.length < MANY_LINES) return;
  for (const { at, by } of cancelled) {
    const lines = body.filter(({ fields }) => isCancelled(fields[at + shift]?.trim() ?? "", by)).length;
    if (lines <= LARGEST_SHARE_OF_RETURNS * body.length) continue;
    const name = listed([header[at]!]);
    throw new UndecidedError({
      parameter: "columns",
      got: `${name} would make ${formatPlural(lines, "line")} of ${formatPlural(body.length, "line")} of the sample no sales, many for what was cancelled`,
      choices: [
        { value: "cancelled=-", reads: ["all lines as sales"] },
        { value: `cancelled=${name}`, reads: ["those with something there as no sales"] },
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
