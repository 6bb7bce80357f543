import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { type CancelledColumn, isCancelled } from "./cancelled_columns.js";
import { simplified } from "./column_names.js";
import type { StateColumn } from "./order_states.js";
import { mayBeNoSale } from "./state_words.js";

/** What is called off, and neither void, a trial nor a draft. */
const CALLED_OFF = /cancel|storn|annul|anul|iptal|取消/;

/** Of what is called off, so much is below zero; of what is below zero, so much is called off, where corrections of stock are not. */
const ALL_BUT_SLIPS = 0.99;
const MOST = 0.5;

/** Columns of states without those that call off lines below zero alone, which take back sales that the file has as well. */
export interface WithoutReturns {
  readonly columns: readonly StateColumn[];
  readonly cancelled: readonly CancelledColumn[];
  /** Positions of those left out. */
  readonly ofReturns: readonly number[];
}

/**
 * Leaves out columns that say of nothing but the returns that they are cancelled, as many a list has that tells credit notes by their
 * numbers: the lines below zero are what the customer has got back.
 */
export function withoutStatesOfReturns(
  body: readonly TableRecord[],
  { columns, cancelled }: Pick<WithoutReturns, "columns" | "cancelled">,
  {
    isBack,
    value,
  }: {
    readonly isBack: (fields: readonly string[]) => boolean;
    readonly value: (fields: readonly string[], at: number) => string;
  },
  header: readonly string[],
): WithoutReturns {
  const backs = body.filter(({ fields }) => isBack(fields)).length;
  const areReturns = (isOff: (fields: readonly string[]) => boolean): boolean => {
    const off = body.filter(({ fields }) => isOff(fields));
    const ofBacks = off.filter(({ fields }) => isBack(fields)).length;
    return ofBacks > 0 && ofBacks >= ALL_BUT_SLIPS * off.length && ofBacks >= MOST * backs;
  };
  const ofReturns = [
    ...cancelled
      .filter(
        ({ at, by }) =>
          CALLED_OFF.test(simplified(header[at]!)) && areReturns((fields) => isCancelled(value(fields, at), by)),
      )
      .map(({ at }) => at),
    ...columns
      .filter(({ at }) =>
        areReturns((fields) => CALLED_OFF.test(simplified(value(fields, at))) && mayBeNoSale(value(fields, at))),
      )
      .map(({ at }) => at),
  ];
  return {
    columns: columns.filter(({ at }) => !ofReturns.includes(at)),
    cancelled: cancelled.filter(({ at }) => !ofReturns.includes(at)),
    ofReturns,
  };
}
