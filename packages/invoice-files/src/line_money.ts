import { currencyCode, type Decimal, withoutTrailingZeros } from "@keyspaces-segmentation/common";
import { currenciesOf, numberReader } from "@keyspaces-segmentation/table-files";
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
  readonly #readPrice: (text: string) => Decimal | string | undefined;
  readonly #refusedCode: ((text: string) => string | null) | null;
  readonly #creditTypes: ReadonlySet<string>;
  readonly #at: { readonly quantity: number; readonly price: number; readonly type: number; readonly currency: number };
  readonly #isAmount: boolean;
  readonly #hasReturnsTwice: boolean;

  constructor({ quantity, price, creditTypes, hasReturnsTwice, positions, fit, currency, settled }: Reading) {
    const at = (position: number | undefined): number => (position === undefined ? -1 : position + fit.shift);
    this.#readQuantity = quantity && remembered(quantityReader(numberReader(quantity)));
    const only = settled.currency ? null : new OneCurrency(currency);
    this.#readPrice = remembered(priceReader(numberReader(price), only));
    this.#refusedCode =
      only === null || positions.currency === undefined ? null : remembered((text) => only.refusedCode(text));
    this.#creditTypes = new Set(creditTypes);
    this.#isAmount = positions.price === undefined;
    this.#hasReturnsTwice = hasReturnsTwice;
    this.#at = {
      quantity: at(positions.quantity),
      price: at(positions.price ?? positions.amount),
      type: creditTypes.length === 0 ? -1 : at(positions.type),
      currency: at(positions.currency),
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
    if (typeof price === "string") return price;
    const refused = this.#refusedCode?.(fields[this.#at.currency]?.trim() ?? "") ?? undefined;
    if (refused !== undefined) return refused;
    this.quantity = quantity;
    this.price = price;
    const unread =
      this.#isAmount || typeAt >= 0 ? this.#asMeant(typeAt < 0 ? "" : (fields[typeAt]?.trim() ?? "")) : undefined;
    if (this.#hasReturnsTwice && this.quantity.unscaled < 0n && this.price.unscaled < 0n)
      this.price = negated(this.price);
    return unread;
  }

  /** Makes a return of what was read last, unless it is one: the line of a credit note that has no sign. */
  turn(): void {
    if (this.quantity.unscaled <= 0n || this.price.unscaled <= 0n) return;
    if (this.#readQuantity === null) this.price = negated(this.price);
    else this.quantity = negated(this.quantity);
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

/** Amounts of two currencies cannot be added up: those of another than the file's, or than the first where it has not said one, are refused. */
class OneCurrency {
  #currencies: readonly string[] | null;

  constructor(currency: string | null) {
    this.#currencies = currency === null ? null : [currency];
  }

  /** Why an amount with such a sign or code beside it is refused; null where it is not. */
  refused(currencies: readonly string[]): string | null {
    this.#currencies ??= currencies;
    if (currencies.some((each) => this.#currencies!.includes(each))) return null;
    return `amount in ${currencies[0]}, and others are in ${this.#currencies[0]}`;
  }

  /** The same of a field of the column of currencies, which may hold words for nothing. */
  refusedCode(text: string): string | null {
    const code = currencyCode.read(text);
    return code === undefined ? null : this.refused([code]);
  }
}

function priceReader(
  read: (text: string) => Decimal | undefined,
  only: OneCurrency | null,
): (text: string) => Decimal | string | undefined {
  if (only === null) return read;
  return (text) => {
    const price = read(text);
    if (price === undefined || /^[-\d.,]*$/.test(text)) return price;
    const currencies = currenciesOf(text);
    return currencies === undefined ? price : (only.refused(currencies) ?? price);
  };
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
