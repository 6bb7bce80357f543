import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { looksLikeNumber } from "@keyspaces-segmentation/table-files";
import { simplified, tierOf } from "../columns/column_names.js";
import { fieldAt, moneyFactOf, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { isAmount } from "./signs.js";

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
export function leftOutOf(table: Table, { flags }: { flags: readonly number[] }): ReadingRow[] {
  const { header, positions } = table;
  const { quantity } = positions;
  const money = moneyFactOf(positions);
  const moneyAt = positions[money];
  // An amount of a line has its discount taken off.
  const isAmountOfLine = positions.price === undefined;
  const free = table.unused("cancelled").filter((at) => !flags.includes(at));
  return free.flatMap((at): ReadingRow[] => {
    const name = header[at]!;
    const simple = simplified(name);
    if (quantity !== undefined && tierOf("quantity", name) !== null) {
      return otherColumn(table, "quantity", { at, used: quantity });
    }
    const tier = moneyAt === undefined ? null : tierOf(money, name);
    if (moneyAt !== undefined && tier !== null && areAlike(money, tier, tierOf(money, header[moneyAt]!))) {
      return otherColumn(table, money, { at, used: moneyAt });
    }
    const isRefund = REFUND.test(simple);
    if (NO_AMOUNT.test(simple) || !(isRefund || (isDiscount(name) && !isAmountOfLine))) return [];
    const lines = table.linesWith(at, (text) => isAmount(text.replace(/\s*%$/, "")));
    if (lines === 0) return [];
    const what = isRefund ? "what was given back" : "discounts";
    return [
      {
        what,
        readAs: `${table.nameOf(at)} is left out`,
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
function otherColumn(table: Table, fact: keyof typeof WORDS, { at, used }: { at: number; used: number }): ReadingRow[] {
  const [name, usedName] = [table.nameOf(at), table.nameOf(used)];
  const differing = table.lines.filter(
    ({ fields }) => fieldAt(fields, at) !== fieldAt(fields, used) && looksLikeNumber(fieldAt(fields, at)),
  ).length;
  if (differing === 0) return [];
  return [
    {
      what: WORDS[fact],
      readAs: `${usedName}, and not ${name}`,
      because: `they differ in ${formatPlural(differing, "line")} of the sample; columns="${fact}=${name}" takes the other`,
      confidence: "likely",
    },
  ];
}
