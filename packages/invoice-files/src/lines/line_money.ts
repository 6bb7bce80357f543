import { currencyCode, type Decimal, withoutTrailingZeros } from "@keyspaces-segmentation/common";
import { pricePerPiece } from "@keyspaces-segmentation/invoices";
import { currenciesOf, numberReader } from "@keyspaces-segmentation/table-files";
import { trimmedAt } from "../columns/table.js";
import { priceUnitOf } from "../money/price_units.js";
import type { SalesSigns } from "../money/sales_signs.js";
import type { Reading } from "../reading/reading.js";
import { remembered } from "../remembered.js";
import { type LateKind, lateKinds } from "../returns/late_kinds.js";

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
  readonly #isBelowZero: (text: string) => boolean;
  readonly #refusedCode: ((text: string) => string | null) | null;
  readonly #creditTypes: ReadonlySet<string>;
  readonly #lateKind: (kind: string) => LateKind;
  readonly #at: {
    readonly [what in "quantity" | "price" | "per" | "sign" | "credit" | "type" | "currency"]: number | undefined;
  };
  readonly #isAmount: boolean;
  readonly #hasReturnsTwice: boolean;
  readonly #salesSigns: SalesSigns;
  /** Whether the amount of an order stands on its first line alone. */
  readonly #isOfFirst: boolean;
  readonly #isOnePieceWhereBlank: boolean;

  constructor(reading: Reading) {
    const { quantity, price, creditTypes, hasReturnsTwice, positions, currency, settled } = reading;
    this.#readQuantity = quantity && remembered(quantityReader(numberReader(quantity)));
    const only = settled.currency ? null : new OneCurrency(currency);
    const readNumber = numberReader(price);
    this.#readPrice = remembered(priceReader(reading.isInMinorUnits ? inHundredths(readNumber) : readNumber, only));
    this.#isBelowZero = remembered((text) => (readNumber(text)?.unscaled ?? 0n) < 0n);
    this.#refusedCode =
      only === null || positions.currency === undefined ? null : remembered((text) => only.refusedCode(text));
    this.#creditTypes = new Set(creditTypes);
    this.#lateKind = lateKinds(reading.kindsSeen);
    this.#isAmount = positions.price === undefined;
    this.#hasReturnsTwice = hasReturnsTwice;
    this.#salesSigns = reading.salesSigns;
    this.#isOfFirst = reading.orderFields.amount;
    this.#isOnePieceWhereBlank = reading.isOnePieceWhereBlank;
    this.#at = {
      quantity: positions.quantity,
      price: positions.price ?? positions.amount,
      per: reading.hasPriceUnits ? positions.per : undefined,
      sign: reading.signAt,
      credit: positions.credit,
      type: creditTypes.length === 0 && reading.kindsSeen.length === 0 ? undefined : positions.type,
      currency: positions.currency,
    };
  }

  /**
   * Reads a line's fields; answers with the reason where that cannot be done.
   *
   * @param isFirst whether it is the first of its order
   */
  read(fields: readonly string[], isFirst = true): string | undefined {
    const at = this.#at;
    const quantityText = trimmedAt(fields, at.quantity);
    const isOne = this.#readQuantity === null || (this.#isOnePieceWhereBlank && quantityText === "");
    const quantity = isOne ? ONE : this.#readQuantity!(quantityText);
    if (quantity === undefined)
      return `quantity ${JSON.stringify(quantityText)} is not a number as the file writes them`;
    if (typeof quantity === "string") return quantity;
    const priceText = trimmedAt(fields, at.price);
    const isInFirst = this.#isOfFirst && !isFirst && priceText === "";
    const price = isInFirst
      ? ZERO
      : at.credit === undefined
        ? this.#readPrice(priceText)
        : this.#ofTwoSides(priceText, fields);
    if (price === undefined) {
      const what = this.#isAmount ? "amount" : "price";
      return `${what} ${JSON.stringify(priceText)} is not a number as the file writes them`;
    }
    if (typeof price === "string") return price;
    const refused = this.#refusedCode?.(trimmedAt(fields, at.currency)) ?? undefined;
    if (refused !== undefined) return refused;
    this.quantity = quantity;
    this.price = at.per === undefined ? price : ofOnePiece(price, trimmedAt(fields, at.per));
    if (at.sign !== undefined && this.#isBelowZero(trimmedAt(fields, at.sign))) this.turn();
    const unread = this.#isAmount || at.type !== undefined ? this.#asMeant(trimmedAt(fields, at.type)) : undefined;
    if (this.#salesSigns !== "usual") this.#turnSales();
    else if (this.#hasReturnsTwice && this.quantity.unscaled < 0n && this.price.unscaled < 0n)
      this.price = negated(this.price);
    return unread;
  }

  /** The amount of a line that stands in one of two columns; below zero in that of credit notes, however it is signed there. */
  #ofTwoSides(text: string, fields: readonly string[]): Decimal | string | undefined {
    const other = trimmedAt(fields, this.#at.credit);
    const [sale, credit] = [this.#readPrice(text), this.#readPrice(other)];
    if (typeof credit !== "object" || credit.unscaled === 0n) return sale ?? credit;
    if (typeof sale === "object" && sale.unscaled !== 0n) return "an amount on both sides";
    return credit.unscaled < 0n ? credit : negated(credit);
  }

  /** Makes sales of lines that are signed as returns elsewhere, and returns of those that are not. */
  #turnSales(): void {
    if (this.#salesSigns === "turned" && this.#readQuantity !== null && this.price.unscaled > 0n)
      this.quantity = negated(this.quantity);
    else if (this.#salesSigns === "turned") this.price = negated(this.price);
    else if (this.price.unscaled < 0n || this.#isAmount) {
      this.quantity = negated(this.quantity);
      this.price = negated(this.price);
    }
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
    const isCredit = this.#creditTypes.has(type) || (amount.unscaled > 0n && this.#lateKind(type) === "credit");
    const isTurned = isCredit && this.quantity.unscaled > 0n;
    if (isTurned && hasQuantity) this.quantity = negated(this.quantity);
    else if (isTurned) this.price = negated(amount);
    if (!this.#isAmount || !hasQuantity) return undefined;
    if (this.#at.credit !== undefined && amount.unscaled < 0n && this.quantity.unscaled > 0n)
      this.quantity = negated(this.quantity);
    if (this.quantity.unscaled === 0n) return amount.unscaled === 0n ? undefined : "an amount, and no quantity";
    this.price = pricePerPiece(isTurned ? negated(amount) : amount, this.quantity);
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
    // R2 is no two of anything, but a return, or money in the wrong column.
    if (!/^[-\d.,]*$/.test(text) && currenciesOf(text) !== undefined)
      return `quantity ${JSON.stringify(text)} has a currency`;
    const whole = quantity.unscaled / 10n ** BigInt(quantity.scale);
    return whole >= MOST || whole <= -MOST ? `quantity ${text} does not fit 32 bits` : withoutTrailingZeros(quantity);
  };
}

/** A price for as many pieces as a field says, for one. */
function ofOnePiece(price: Decimal, text: string): Decimal {
  const pieces = priceUnitOf(text) ?? 1n;
  return pieces === 1n ? price : pricePerPiece(price, { unscaled: pieces, scale: 0 });
}

/** A reader of cents and pence, which gives their hundredths. */
function inHundredths(read: (text: string) => Decimal | undefined): (text: string) => Decimal | undefined {
  return (text) => {
    const cents = read(text);
    return cents && { unscaled: cents.unscaled, scale: cents.scale + 2 };
  };
}

const negated = ({ unscaled, scale }: Decimal): Decimal => ({ unscaled: -unscaled, scale });
