import { trimmedAt } from "../columns/table.js";
import type { Reading } from "../reading/reading.js";
import { detached, remembered } from "../remembered.js";
import { lateKinds } from "../returns/late_kinds.js";
import { isCancelled } from "../states/cancelled_columns.js";
import { voidStateOf } from "../states/order_states.js";
import { partlyPaidBack } from "../states/partial_refunds.js";

const NO_SALE = "a kind of line that is no sale";

/** A column that says of lines that they are no sales. */
interface Mark {
  readonly at: number;
  /** Whether it says that something was paid back, which may be a part. */
  readonly isRefund: boolean;
  readonly isOff: (text: string) => boolean;
}

/** Tells the lines that are no sales, one after the other, by the states of their orders, by marks and by their kinds. */
export class LineStates {
  readonly #states: readonly number[];
  readonly #marks: readonly Mark[];
  readonly #type: number | undefined;
  readonly #ofLines: ReadonlySet<number>;
  /** The state that makes a line no sale, of those of all columns with line feeds between; "" for none. */
  readonly #voidOf: (states: string) => string;
  readonly #isPartly: (fields: readonly string[], isFirst: boolean) => boolean;
  readonly #isNoSale: (kind: string) => boolean;
  /** What the first line of the order has. */
  #firstStates: readonly string[] = [];
  #firstMarks: readonly string[] = [];

  constructor({ orderStates, positions, quantity, price, noSales, kindsSeen }: Reading) {
    this.#states = orderStates.columns.map(({ at }) => at);
    this.#marks = orderStates.cancelled.map(({ at, by, isRefund }) => ({
      at,
      isRefund,
      isOff: remembered((text) => isCancelled(text, by)),
    }));
    this.#type = positions.type;
    this.#ofLines = new Set(orderStates.ofLines);
    this.#voidOf = remembered((states) => voidStateOf(states.split("\n"), orderStates));
    this.#isPartly = partlyPaidBack(orderStates.paidBack, positions, { quantity: quantity ?? price, price });
    const lateKind = lateKinds(kindsSeen);
    this.#isNoSale = remembered((kind) => noSales.includes(kind) || lateKind(kind) === "no_sale");
  }

  /**
   * Why a line is no sale; undefined where it is one.
   *
   * @param isFirst whether it is the first of its order
   */
  read(fields: readonly string[], isFirst: boolean): string | undefined {
    if (isFirst && this.#states.length > 0) this.#firstStates = this.#states.map((at) => this.#passedOn(fields, at));
    if (isFirst && this.#marks.length > 0) this.#firstMarks = this.#marks.map(({ at }) => this.#passedOn(fields, at));
    const isPart = this.#isPartly(fields, isFirst);
    const state = this.#states.length === 0 ? "" : this.#voidOf(this.#statesOf(fields));
    if (state !== "") return `the state of the order is ${JSON.stringify(state)}`;
    if (this.#marks.length > 0 && this.#isMarked(fields, isPart)) return "cancelled or given back";
    return this.#type !== undefined && this.#isNoSale(trimmedAt(fields, this.#type)) ? NO_SALE : undefined;
  }

  /** What a first line has for the whole order. */
  #passedOn(fields: readonly string[], at: number): string {
    return this.#ofLines.has(at) ? "" : detached(trimmedAt(fields, at));
  }

  /** The states of a line, one a line; where one is blank, that of the order's first line. */
  #statesOf(fields: readonly string[]): string {
    let states = "";
    for (const [i, at] of this.#states.entries()) {
      const state = trimmedAt(fields, at) || (this.#firstStates[i] ?? "");
      states = i === 0 ? state : `${states}\n${state}`;
    }
    return states;
  }

  /** Whether a column says that a line is no sale, by what it has or, where that is blank, by what the order's first line has. */
  #isMarked(fields: readonly string[], isPart: boolean): boolean {
    return this.#marks.some(({ at, isOff, isRefund }, i) => {
      const text = trimmedAt(fields, at) || (this.#firstMarks[i] ?? "");
      return text !== "" && isOff(text) && !(isRefund && isPart);
    });
  }
}
