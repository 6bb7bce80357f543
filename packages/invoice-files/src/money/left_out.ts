import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { looksLikeNumber, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified, tierOf } from "../columns/column_names.js";
import { listed, type Positions } from "../columns/map_columns.js";
import type { ReadingRow } from "../reading_row.js";

/** Names of columns whose money or pieces lessen a sale, without that of a line having to show it. */
const REFUND =
  /refund|returned|cancell?ed|storniert|returns?(?:qty|quantity|amount|value|total)|^returns$|rembours|erstatt|retour|devuel|reembols|rimbors|terugbetaal|zwrot/;
const DISCOUNT = /discount|rabat|remise|descuento|sconto|korting|desconto/;
/** Whether a column has discounts, by its name. */
export const isDiscount = (name: string): boolean => DISCOUNT.test(simplified(name));

/** Names that say something about a refund or discount and are no amount of it. */
const NO_AMOUNT =
  /code|date|type|reason|name|status|percent|method|note|orders|customer|bestellungen|commandes|pedidos|kunde|(?:^|\D)id$/;
/** Whether a column has by its name how much came back. */
export const isRefundAmount = (name: string): boolean =>
  REFUND.test(simplified(name)) && !NO_AMOUNT.test(simplified(name));

/**
 * Columns of refunds and discounts that have something in them and are not used: what an export shows beside its lines is said, and
 * not taken off them.
 *
 * @param flags columns that say by yes or a date that a line is no sale
 */
export function leftOutOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift, flags }: { positions: Positions; shift: number; flags: readonly number[] },
): ReadingRow[] {
  const { cancelled: _, ...read } = positions;
  const used = new Set<number>([...Object.values(read), ...flags]);
  const { quantity } = positions;
  const money = positions.price === undefined ? ("amount" as const) : ("price" as const);
  const moneyAt = positions[money];
  // An amount of a line has its discount taken off.
  const isAmount = positions.price === undefined;
  return header.flatMap((name, at): ReadingRow[] => {
    const simple = simplified(name);
    if (quantity !== undefined && !used.has(at) && tierOf("quantity", name) !== null) {
      const names = [name, header[quantity] ?? "-"] as const;
      return otherColumn(body, "quantity", names, { at: at + shift, used: quantity + shift });
    }
    const tier = moneyAt === undefined || used.has(at) ? null : tierOf(money, name);
    if (moneyAt !== undefined && tier !== null && areAlike(money, tier, tierOf(money, header[moneyAt] ?? ""))) {
      const names = [name, header[moneyAt] ?? "-"] as const;
      return otherColumn(body, money, names, { at: at + shift, used: moneyAt + shift });
    }
    const isRefund = REFUND.test(simple);
    if (used.has(at) || NO_AMOUNT.test(simple) || !(isRefund || (isDiscount(name) && !isAmount))) return [];
    const lines = body.filter(({ fields }) => {
      const text = fields[at + shift]?.trim() ?? "";
      return looksLikeNumber(text.replace(/\s*%$/, "")) && /[1-9]/.test(text);
    }).length;
    if (lines === 0) return [];
    const what = isRefund ? "what was given back" : "discounts";
    return [
      {
        what,
        readAs: `${listed([name])} is left out`,
        because: `${formatPlural(lines, "line")} of the sample ${pluralForm(lines, "has", "have")} something there, which is not taken off its sales`,
        confidence: "likely",
      },
    ];
  });
}

/** Up to this tier prices are those at which things are sold, before that of a list or what they cost the shop. */
const LAST_OF_SALES = 1;
/** Whether two columns by their names may be the one that is meant. */
const areAlike = (money: "price" | "amount", tier: number, used: number | null): boolean =>
  tier === used || (money === "price" && used !== null && tier <= LAST_OF_SALES && used <= LAST_OF_SALES);

/** How rows call what a column has. */
const WORDS = { quantity: "quantities", price: "prices", amount: "amounts" } as const;

/** What is said of a further column of quantities, as of what was ordered beside what was invoiced, or of money in another currency, where they differ. */
function otherColumn(
  body: readonly TableRecord[],
  fact: keyof typeof WORDS,
  [name, usedName]: readonly [string, string],
  { at, used }: { at: number; used: number },
): ReadingRow[] {
  const value = (fields: readonly string[], of: number): string => fields[of]?.trim() ?? "";
  const differing = body.filter(
    ({ fields }) => looksLikeNumber(value(fields, at)) && value(fields, at) !== value(fields, used),
  ).length;
  if (differing === 0) return [];
  return [
    {
      what: WORDS[fact],
      readAs: `${listed([usedName])}, and not ${listed([name])}`,
      because: `they differ in ${formatPlural(differing, "line")} of the sample; columns="${fact}=${listed([name])}" takes the other`,
      confidence: "likely",
    },
  ];
}
