import { formatPlural } from "@keyspaces-segmentation/common";
import { simplified } from "../columns/column_names.js";
import { fieldAt, type Table } from "../columns/table.js";
import { belowZeroReader } from "../money/signs.js";
import type { ReadingRow } from "../reading_row.js";

/** Columns that name the payment which a refund pays back. */
const REFERENCE =
  /^(?:reference|original|parent|related|linked|zugehoriger?|ursprungliche?r?)(?:txn|transactions?|payment|charge|order|invoice|transaktions?)(?:id|code|no|nr|number)?$/;

/** Whose payments some refunds pay back. */
export interface Payers {
  /** The shop's own id, in small letters, which its refunds have in place of the customer's; "" for none. */
  readonly own: string;
  /** Column of what they refer to. */
  readonly reference: number;
  /** The customer of each payment that is referred to. */
  readonly customers: ReadonlyMap<string, string>;
  readonly rows: readonly ReadingRow[];
}

export const NO_PAYERS: Payers = { own: "", reference: -1, customers: new Map(), rows: [] };

/**
 * Finds refunds that carry the shop's own id: one that has nothing but lines below zero, each of which refers to a payment of somebody
 * else.
 */
export function payersOf(table: Table): Payers {
  const { invoice, customerId } = table.positions;
  const reference = table.unused().find((at) => REFERENCE.test(simplified(table.header[at]!)));
  if (reference === undefined || invoice === undefined || customerId === undefined) return NO_PAYERS;
  const isBelowZero = belowZeroReader(table);
  const payers = new Map<string, string>();
  for (const { fields } of table.lines) {
    const [number, customer] = [fieldAt(fields, invoice), fieldAt(fields, customerId)];
    if (customer !== "" && !payers.has(number)) payers.set(number, customer);
  }
  const refunds = new Map<string, Map<string, string>>();
  const others = new Set<string>();
  for (const { fields } of table.lines) {
    const id = fieldAt(fields, customerId).toLowerCase();
    const of = fieldAt(fields, reference);
    const payer = payers.get(of);
    const isRefund = payer !== undefined && payer.toLowerCase() !== id && isBelowZero(fields);
    if (!isRefund) others.add(id);
    else if (refunds.get(id)?.set(of, payer) === undefined) refunds.set(id, new Map([[of, payer]]));
  }
  const [own, customers] =
    [...refunds].filter(([id]) => id !== "" && !others.has(id)).sort(([, a], [, b]) => b.size - a.size)[0] ?? [];
  if (own === undefined || customers === undefined) return NO_PAYERS;
  return {
    own,
    reference,
    customers,
    rows: [
      {
        what: "customers",
        readAs: `those of the payments in ${table.nameOf(reference)}, where a refund has the shop's own id`,
        because: `${formatPlural(customers.size, "payment")} of the sample ${customers.size === 1 ? "is" : "are"} paid back by one id that has no other lines`,
        confidence: "likely",
      },
    ],
  };
}
