import type { Decimal } from "@keyspaces-segmentation/common";
import { HIGH_PRIME, HIGH_SEED, LOW_PRIME, LOW_SEED, mixed } from "./fingerprints.js";
import type { InvoiceLine } from "./parse.js";

/** Used for each character; see `fingerprints`. */
const { imul } = Math;

const POWERS = Array.from({ length: 41 }, (_, scale) => 10 ** scale);

/** Gives the two halves of the fingerprint of all that a line says but its invoice, in the same array each time; 2.5 and 2.50 are one price. */
export function contentHasher(): (line: Omit<InvoiceLine, "invoice" | "line">) => Uint32Array {
  const bits = new Uint32Array(2);
  const double = new Float64Array(bits.buffer);
  // Numbers of 32 bits that functions share cost an allocation each time they change; those in an array do not.
  const hash = new Uint32Array(2);
  const takeNumber = (value: number): void => {
    double[0] = value;
    const [first, second] = [bits[0]!, bits[1]!];
    hash[0] = mixed(imul(hash[0]! ^ first, LOW_PRIME) ^ second);
    hash[1] = mixed(imul(hash[1]! ^ second, HIGH_PRIME) ^ first);
  };
  const takeText = (text: string | null): void => {
    let low = hash[0]! | 0;
    let high = hash[1]! | 0;
    if (text !== null) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        low = imul(low ^ code, LOW_PRIME);
        high = imul(high ^ code, HIGH_PRIME);
      }
    }
    // Ends with what no character is, and with something else where there is no text.
    const end = text === null ? 0x110001 : 0x110000;
    hash[0] = imul(low ^ end, LOW_PRIME);
    hash[1] = imul(high ^ end, HIGH_PRIME);
  };
  /** Of a moment, a customer and a country, which are mostly those of the line before. */
  const begun = {
    hash: new Uint32Array(2),
    time: Number.NaN,
    customerId: "" as string | null,
    country: "" as string | null,
  };
  return ({ invoiceDate, price, quantity, stockCode, description, customerId, country }) => {
    const time = invoiceDate.getTime();
    if (time !== begun.time || customerId !== begun.customerId || country !== begun.country) {
      hash[0] = LOW_SEED;
      hash[1] = HIGH_SEED;
      takeNumber(time);
      takeText(customerId);
      takeText(country);
      begun.hash.set(hash);
      begun.time = time;
      begun.customerId = customerId;
      begun.country = country;
    }
    hash[0] = begun.hash[0]!;
    hash[1] = begun.hash[1]!;
    takeNumber(nearestOf(price));
    takeNumber(nearestOf(quantity));
    takeText(stockCode);
    takeText(description);
    hash[0] = mixed(hash[0]!);
    hash[1] = mixed(hash[1]!);
    return hash;
  };
}

const nearestOf = ({ unscaled, scale }: Decimal): number => Number(unscaled) / (POWERS[scale] ?? 10 ** scale);
