import { formatNumber, formatPlural, formatShare, pluralForm } from "@keyspaces-segmentation/common";
import type { CustomerAggregate } from "./aggregate.js";
import { alikeIds } from "./customer_ids.js";

/** What is looked at of a customer. */
type Counted = Pick<CustomerAggregate, "customerId" | "purchaseInvoices">;

/** Of so few invoices any share may be a customer's. */
const LEAST_INVOICES = 20;
/** More of all invoices than a customer of a shop is likely to have, and times as many as the next one. */
const LARGE_SHARE = 0.1;
const TIMES_THE_NEXT = 3;
/** For ids that look like those of nobody. */
const NOTABLE_SHARE = 0.02;

/** The same digit or letter again and again, as `99999`; a count-up; or a word that programs write for guests, with a number or not. */
const LIKE_NOBODY =
  /^(.)\1{2,}$|^0?1234\d*$|guest|walk.?in|cash|anonym|unknown|default|dummy|misc|counter|retail|various|divers|one.?time|einmal|laufkund|passage|generic|consumidor|public|^pos\b|^shop\b|^web\b/i;

/** And where there are at least as many invoices of it. */
const NOTABLE_INVOICES = 5;

/**
 * What to look at among customers before their figures are believed, a sentence for each: one who has so many of the invoices that the
 * id may stand for guests, and ids that may be of one customer.
 *
 * @param names whether ids are named; a report that is to be handed on has none but those that look like nobody's
 */
export function customerRemarks(customers: readonly Counted[], { names }: { names: boolean }): string[] {
  return [...guestRemarks(customers, names), ...alikeRemarks(customers, names)];
}

function guestRemarks(customers: readonly Counted[], names: boolean): string[] {
  const invoices = customers.reduce((sum, { purchaseInvoices }) => sum + purchaseInvoices, 0);
  const ranked = [...customers].sort((a, b) => b.purchaseInvoices - a.purchaseInvoices);
  const [first, second] = ranked;
  if (first === undefined || second === undefined) return [];
  const isLarge =
    invoices >= LEAST_INVOICES &&
    customers.length > 2 &&
    first.purchaseInvoices >= Math.max(LARGE_SHARE * invoices, TIMES_THE_NEXT * second.purchaseInvoices);
  const notable = ranked.find(
    ({ customerId, purchaseInvoices: count }) =>
      LIKE_NOBODY.test(customerId) && count >= Math.max(NOTABLE_SHARE * invoices, NOTABLE_INVOICES),
  );
  const suspect = notable ?? (isLarge ? first : undefined);
  if (suspect === undefined) return [];
  const { customerId, purchaseInvoices: count } = suspect;
  const isNamed = names || suspect === notable;
  return [
    `${isNamed ? `The customer ${customerId}` : "One customer"} has ${formatNumber(count)} of ${formatNumber(invoices)} invoices (${formatShare(count / invoices)}): if that id stands for guests, set the parameter \`nobody\` to ${isNamed ? customerId : "it"}.`,
  ];
}

function alikeRemarks(customers: readonly Counted[], names: boolean): string[] {
  const { leadingZeros, letterCase } = alikeIds(customers.map(({ customerId }) => customerId));
  const kinds = [
    { pairs: leadingZeros, what: "zeros in front", why: "a spreadsheet drops them" },
    { pairs: letterCase, what: "large and small letters", why: "they may have been typed in" },
  ];
  return kinds.flatMap(({ pairs, what, why }) => {
    const [first] = pairs;
    if (first === undefined) return [];
    const example = names ? `, such as ${first[0]} and ${first[1]}` : "";
    return [
      `${formatPlural(pairs.length, "customer id")} ${pluralForm(pairs.length, "differs", "differ")} from another one by ${what} only${example}: ${why}. They count as different customers.`,
    ];
  });
}
