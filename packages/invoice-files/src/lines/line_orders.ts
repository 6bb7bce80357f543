import { unwrapped } from "@keyspaces-segmentation/invoices";
import { saysNothing } from "@keyspaces-segmentation/table-files";
import { dateText } from "../columns/date_text.js";
import type { Positions } from "../columns/map_columns.js";
import { trimmedAt } from "../columns/table.js";
import { type IdNumbers, idNumberReader, refusedId } from "../customers/id_numbers.js";
import { saysTotal, TOTAL_LINE } from "../money/total_lines.js";
import type { OrderFields } from "../orders/order_fields.js";
import type { Reading } from "../reading/reading.js";
import { detached } from "../remembered.js";
import { creditNumbers } from "../returns/credit_numbers.js";

/** Follows the orders of a file from line to line: what a later line leaves blank, the first one has. */
export class LineOrders {
  /** Whether the line that was read last is the first of its order. */
  isFirst = true;
  /** The texts of its date and its customer. */
  date = "";
  customer = "";
  /** The number of its invoice; "" for none. */
  invoice = "";
  /** Why that is no number of an invoice; "" where it is one. */
  refused = "";
  /** Whether it is that of a credit note, as a parameter has it. */
  isCredit = false;
  readonly #positions: Positions;
  /** What later lines leave blank. */
  readonly #blank: OrderFields;
  readonly #numbers: IdNumbers;
  readonly #plainNumber: (id: string) => string;
  readonly #isCredit: (number: string) => boolean;
  readonly #first = { number: "", date: "", customer: "" };

  constructor(reading: Reading) {
    this.#positions = reading.positions;
    this.#blank = reading.orderFields;
    this.#numbers = reading.ids.invoice;
    this.#plainNumber = idNumberReader(reading.ids.invoice);
    this.#isCredit = creditNumbers(reading.creditNotes);
  }

  /** Takes the next line. */
  read(fields: readonly string[]): void {
    const positions = this.#positions;
    const number = trimmedAt(fields, positions.invoice);
    this.date = dateText(fields, positions);
    this.customer = trimmedAt(fields, positions.customerId);
    this.isFirst = !this.#goesOn(number, fields);
    if (this.isFirst) {
      this.#begin(number);
      return;
    }
    if (this.#blank.invoiceDate && this.date === "") this.date = this.#first.date;
    if (this.#blank.customerId && this.customer === "") this.customer = this.#first.customer;
  }

  #goesOn(number: string, fields: readonly string[]): boolean {
    const positions = this.#positions;
    if (positions.invoice !== undefined && number === this.#first.number) return true;
    if (!this.#blank.invoice || number !== "") return false;
    const hasProduct = (trimmedAt(fields, positions.stockCode) || trimmedAt(fields, positions.description)) !== "";
    const isSame = this.date === this.#first.date && this.customer === this.#first.customer;
    return hasProduct && (this.date === "" || isSame);
  }

  #begin(number: string): void {
    this.#first.number = detached(number);
    this.#first.date = detached(this.date);
    this.#first.customer = detached(this.customer);
    this.invoice = saysNothing(number) ? "" : detached(this.#plainNumber(unwrapped(number)));
    this.isCredit = this.#isCredit(this.invoice);
    this.refused =
      saysTotal(this.invoice) || saysTotal(this.customer)
        ? TOTAL_LINE
        : refusedId("invoice number", this.invoice, this.#numbers);
  }
}
