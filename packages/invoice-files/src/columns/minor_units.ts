/** Behind the name of a price or an amount that is in hundredths of its currency. */
const MINOR =
  /[\s([/-]+(?:in\s+)?(?:cents?|pence|pennies|centimes?|centavos?|centesimi|øre|öre|grosze|rappen|minor(?:\s*units?)?)[)\]]?\s*$/iu;

/** "unitPriceCents" and "unit_price_cents" in words. */
const inWords = (name: string): string => name.replaceAll("_", " ").replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2");

/** A column's name without what says that it is in hundredths. */
export const withoutMinor = (name: string): string => (isInMinorUnits(name) ? inWords(name).replace(MINOR, "") : name);

/** Whether a column's amounts are in cents by its name: `price_cents`, `Price (pence)`. */
export const isInMinorUnits = (name: string): boolean => MINOR.test(inWords(name));
