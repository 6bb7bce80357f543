import { type Decimal, withoutTrailingZeros } from "@keyspaces-segmentation/common";
import { numberReader } from "@keyspaces-segmentation/table-files";
import { divided } from "./divide.js";
import type { Reading } from "./reading.js";
import { remembered } from "./remembered.js";

const ONE: Decimal = { unscaled: 1n, scale: 0 };
const ZERO: Decimal = { unscaled: 0n, scale: 0 };
/** More is no quantity: a number has slipped into the wrong column. */
const MOST = 2n ** 31n;

/** Reads quantity and price of one line after the other; what the last one had stays until the next is read. */
export class LineMoney {
  quantity: Decimal = ZERO;
  /** Of one piece. */
  price: Decimal = ZERO;
  readonly #readQuantity: ((text: string) => Decimal | string | undefined) | null;
  readonly #readPrice: (text: string) => Decimal | undefined;
  readonly #creditTypes: ReadonlySet<string>;
  readonly #at: { readonly quantity: number; readonly price: number; readonly type: number };
  readonly #isAmount: boolean;

  constructor({ quantity, price, creditTypes, positions, fit }: Reading) {
    const at = (position: number | undefined): number => (position === undefined ? -1 : position + fit.shift);
    this.#readQuantity = quantity && remembered(quantityReader(numberReader(quantity)));
    this.#readPrice = remembered(numberReader(price));
    this.#creditTypes = new Set(creditTypes);
    this.#isAmount = positions.price === undefined;
    this.#at = {
      quantity: at(positions.quantity),
      price: at(positions.price ?? positions.amount),
      type: creditTypes.length === 0 ? -1 : at(positions.type),
    };
  }

  /** Reads a line's fields; answers with the reason where that cannot be done. */
  read(fields: readonly string[]): string | undefined {
    const { quantity: quantityAt, price: priceAt, type: typeAt } = this.#at;
    const quantityText = quantityAt < 0 ? "" : (fields[quantityAt]?.trim() ?? "");
    const quantity = this.#readQuantity === null ? ONE : this.#readQuantity(quantityText);
    if (quantity === undefined)
      return `quantity ${JSON.stringify(quantityText)} is not a number as the file writes them`;
    if (typeof quantity === "string") return quantity;
    const priceText = fields[priceAt]?.trim() ?? "";
    const price = this.#readPrice(priceText);
    if (price === undefined) {
      const what = this.#isAmount ? "amount" : "price";
      return `${what} ${JSON.stringify(priceText)} is not a number as the file writes them`;
    }
    this.quantity = quantity;
    this.price = price;
    if (this.#isAmount || typeAt >= 0) return this.#asMeant(typeAt < 0 ? "" : (fields[typeAt]?.trim() ?? ""));
    return undefined;
  }

  /** Turns the sign of a credit note that has none, and makes the price of one piece out of the amount of a line. */
  #asMeant(type: string): string | undefined {
    const amount = this.price;
    const hasQuantity = this.#readQuantity !== null;
    const isTurned = this.#creditTypes.has(type) && this.quantity.unscaled > 0n;
    if (isTurned && hasQuantity) this.quantity = negated(this.quantity);
    else if (isTurned) this.price = negated(amount);
    if (!this.#isAmount || !hasQuantity) return undefined;
    if (this.quantity.unscaled === 0n) return amount.unscaled === 0n ? undefined : "an amount, and no quantity";
    this.price = divided(isTurned ? negated(amount) : amount, this.quantity);
    return undefined;
  }
}

/** `24.0` is 24; answers with the reason where the number is no quantity. */
function quantityReader(read: (text: string) => Decimal | undefined): (text: string) => Decimal | string | undefined {
  return (text) => {
    const quantity = read(text);
    if (quantity === undefined) return undefined;
    const whole = quantity.unscaled / 10n ** BigInt(quantity.scale);
    return whole >= MOST || whole <= -MOST ? `quantity ${text} does not fit 32 bits` : withoutTrailingZeros(quantity);
  };
}

const negated = ({ unscaled, scale }: Decimal): Decimal => ({ unscaled: -unscaled, scale });
