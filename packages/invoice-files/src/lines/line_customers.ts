import type { CustomerIdReader } from "@keyspaces-segmentation/invoices";
import { trimmedAt } from "../columns/table.js";
import { isWord, refusedId } from "../customers/id_numbers.js";
import type { Reading } from "../reading/reading.js";
import { remembered } from "../remembered.js";

/**
 * In bytes. Customers are a clustering column of the tables of results: one that does not fit would stop a run behind its training.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html
 */
const LONGEST_KEY = 850;

/** Reads who has bought, of one line after the other; who the last one had stays until the next is read. */
export class LineCustomers {
  /** Null for nobody. */
  id: string | null = null;
  readonly #reading: Reading;
  readonly #read: (text: string) => string | null;
  #refused: string | undefined;

  constructor(reading: Reading, ids: CustomerIdReader) {
    this.#reading = reading;
    const numbers = reading.ids.customer;
    const exceptions = new Set(reading.nobody.except?.map((word) => word.toLowerCase()));
    this.#read = remembered((text) => {
      const id = ids.read(text);
      return id !== null && isWord(id, numbers) && !exceptions.has(id.toLowerCase()) ? null : id;
    });
  }

  /**
   * Reads the customer of a line; answers with the reason where that cannot be done.
   *
   * @param customer what stands in the column of customers, or does on the first line of the order
   */
  read(customer: string, fields: readonly string[]): string | undefined {
    const id = this.#read(this.#payerOf(customer, fields));
    if (id !== this.id) {
      this.id = id;
      this.#refused = id === null ? undefined : this.#refusalOf(id);
    }
    return this.#refused;
  }

  #refusalOf(id: string): string | undefined {
    const refused = refusedId("customer id", id, this.#reading.ids.customer);
    if (refused !== "") return refused;
    const bytes = id.length > LONGEST_KEY / 3 ? Buffer.byteLength(id) : 0;
    return bytes > LONGEST_KEY
      ? `the customer id has ${bytes} bytes, a key in Keyspaces at most ${LONGEST_KEY}`
      : undefined;
  }

  /** The customer of a line; of what the shop itself has sent, who got it, or whose payment it pays back. */
  #payerOf(customer: string, fields: readonly string[]): string {
    const { own, payers, positions } = this.#reading;
    if (own === "" && payers.own === "") return customer;
    if (own !== "") return customer.toLowerCase() === own ? trimmedAt(fields, positions.receiver) : customer;
    if (customer.toLowerCase() !== payers.own) return customer;
    return payers.customers.get(trimmedAt(fields, payers.reference)) ?? customer;
  }
}
