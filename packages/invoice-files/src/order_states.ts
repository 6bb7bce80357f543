import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeDate, saysNothing, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified, tierOf } from "./column_names.js";
import { isFlag, saysYes } from "./flags.js";
import { listed, type Positions } from "./map_columns.js";
import { isBelowZero } from "./signs.js";
import { isNoSale, isSold, mayBeNoSale, type StateRules } from "./state_words.js";

/** Which states of an order mean that its lines are no sales. */
export interface OrderStates extends StateRules {
  /** Columns with states: those of the order, of its payment, of its return. */
  readonly columns: readonly number[];
  /** Columns called "Cancelled", "Refunded at" or "Cancel reason" that say of a line that it is no sale. */
  readonly cancelled: readonly CancelledColumn[];
  readonly text: string;
}

/** A column of which some fields say that a line is no sale: by yes or a date, or by anything. */
export interface CancelledColumn {
  readonly at: number;
  readonly by: "when" | "anything";
}

/** Whether a field of a column called "Cancelled" says that it is so: by yes, by a count other than 0, or by when it was. */
export const isCancelled = (text: string, by: CancelledColumn["by"]): boolean =>
  by === "anything"
    ? !saysNothing(text) && !isFlag([text], { withNumbers: true })
    : saysYes(text) || text === "1" || /^test$/i.test(text) || looksLikeDate(text);

/** Of a column that says by yes or a date what was cancelled, nearly all fields do, or are empty. */
const saysWhen = (text: string): boolean =>
  text === "" ||
  isCancelled(text, "when") ||
  isFlag([text], { withNumbers: true }) ||
  /^(?:live|production)$/i.test(text) ||
  saysNothing(text);

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

/** The columns that say what became of an order: by their names, or by values some of which are of a sale and some of none. */
export function statusColumnsOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
  { isLeft }: { isLeft: boolean },
): number[] {
  if (isLeft) return [];
  const { status, ...others } = positions;
  const used = new Set<number>(Object.values(others));
  return [...header.keys()].filter((at) => {
    if (at === status) return true;
    if (used.has(at)) return false;
    if (tierOf("status", header[at]!) !== null) return true;
    const states = new Set<string>();
    for (const { fields } of body) if (states.add(fields[at + shift]?.trim() ?? "").size > MOST_STATES) return false;
    const known = [...states];
    return known.some(isSold) && known.some(mayBeNoSale);
  });
}

/** The columns that say by yes, by when or by why that lines are no sales. */
function cancelledColumnsOf(
  body: readonly TableRecord[],
  header: readonly string[],
  positions: Positions,
  { shift, withRefunded }: { shift: number; withRefunded: boolean },
): CancelledColumn[] {
  const { cancelled, quantity, ...others } = positions;
  const used = new Set<number>(Object.values(others));
  const value = (fields: readonly string[], at: number): string => fields[at + shift]?.trim() ?? "";
  return [...header.keys()].flatMap((at): CancelledColumn[] => {
    if (at === quantity || used.has(at) || (at !== cancelled && tierOf("cancelled", header[at]!) === null)) return [];
    const name = simplified(header[at]!);
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

/** Finds the orders of a file that are no sales, by their states in some columns. */
export function orderStatesOf(
  body: readonly TableRecord[],
  header: readonly string[],
  positions: Positions,
  { columns, shift, hasReturns }: { columns: readonly number[]; shift: number; hasReturns: boolean },
): Decision<OrderStates> {
  const { quantity, price, amount, credit } = positions;
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
  const hasBelowZero = body.some(
    ({ fields }) =>
      /[1-9]/.test(value(fields, credit)) ||
      [value(fields, quantity), value(fields, price ?? amount)].some(isBelowZero),
  );
  const withRefunded = !hasBelowZero && !hasReturns;
  const withUnpaid = header.some((name) => DUE.test(simplified(name)));
  const isVoid = (state: string): boolean => isNoSale(state, { withRefunded, withUnpaid });
  const cancelled = cancelledColumnsOf(body, header, positions, { shift, withRefunded });
  const counts = new Map<string, number>();
  const others = new Set<string>();
  const count = (state: string): unknown => counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const { fields } of body) {
    const states = columns.map((at) => value(fields, at)).filter((state) => state !== "");
    const state = states.find(isVoid);
    const off = cancelled.find(({ at, by }) => isCancelled(value(fields, at), by));
    if (state !== undefined) count(JSON.stringify(state));
    else if (off !== undefined) count(`what has something in ${listed([header[off.at]!])}`);
    else for (const each of states) others.add(JSON.stringify(each));
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
