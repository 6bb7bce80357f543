import { type Decimal, toNumber } from "@keyspaces-segmentation/common";
import { numberReader, type TableRecord } from "@keyspaces-segmentation/table-files";
import { isFlag } from "./flags.js";
import { isRefundAmount } from "./left_out.js";
import type { Amounts } from "./worth.js";

/** Amounts have been rounded to cents. */
const CENT = 0.011;

/** What an order comes to, and the amounts that stand for what was paid back of it. */
interface Order {
  total: number;
  readonly refunds: Set<string>;
}

/** Tells lines of which a column of the file says that less was paid back than they, or where it is said of the order, than that comes to. */
export function partlyPaidBack(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift, formats }: Amounts,
): (fields: readonly string[]) => boolean {
  const { invoice, quantity, price, amount } = positions;
  const { cancelled: _, ...read } = positions;
  const used = new Set<number>(Object.values(read));
  const [readQuantity, readMoney] = [numberReader(formats.quantity), numberReader(formats.price)];
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
  // A column of yes and no, as 1 and 0, has no amounts.
  const hasAmounts = (at: number): boolean =>
    !body.every(({ fields }) => isFlag([value(fields, at)], { withNumbers: true }));
  const columns = [...header.keys()].filter((at) => !used.has(at) && isRefundAmount(header[at]!) && hasAmounts(at));
  if (columns.length === 0) return () => false;
  const numberOf = (number: Decimal | undefined): number => (number === undefined ? 0 : toNumber(number));
  const worthOf = (fields: readonly string[]): number =>
    price === undefined
      ? numberOf(readMoney(value(fields, amount)))
      : numberOf(readMoney(value(fields, price))) *
        (quantity === undefined ? 1 : numberOf(readQuantity(value(fields, quantity))));
  const orders = columns.map((at) => {
    const of = new Map<string, Order>();
    for (const { fields } of body) {
      const number = value(fields, invoice);
      const order = of.get(number) ?? { total: 0, refunds: new Set<string>() };
      of.set(number, order);
      order.total += worthOf(fields);
      if (value(fields, at) !== "") order.refunds.add(value(fields, at));
    }
    return { at, of };
  });
  return (fields) =>
    orders.some(({ at, of }) => {
      const paidBack = Math.abs(numberOf(readMoney(value(fields, at))));
      const { total, refunds } = of.get(value(fields, invoice))!;
      const whole = refunds.size === 1 ? total : worthOf(fields);
      return paidBack > 0 && paidBack + CENT < whole;
    });
}
