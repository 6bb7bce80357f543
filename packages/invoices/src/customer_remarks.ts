import { formatNumber, formatPlural, formatShare, pluralForm } from "@keyspaces-segmentation/common";
import type { CustomerAggregate } from "./aggregate.js";
import { alikeIds } from "./alike_ids.js";

/** What is looked at of a customer. */
type Counted = Pick<CustomerAggregate, "customerId" | "purchaseInvoices">;

/** Of so few invoices any share may be a customer's. */
const LEAST_INVOICES = 20;
/** More of all invoices than a customer of a shop is likely to have, and times as many as the next one. */
const LARGE_SHARE = 0.1;
const TIMES_THE_NEXT = 3;
/** For ids that look like those of nobody. */
const NOTABLE_SHARE = 0.02;

/** The same digit or letter again and again, as `99999`, or a count-up. */
const NO_NUMBER = /^(.)\1{2,}$|^0?1234\d*$/;
/** What programs write for guests. */
const GUESTS =
  "guests?|walk.?ins?|cash|anonym\\p{L}*|unknown|default|dummy|misc\\p{L}*|counter|retail|various|divers\\p{L}*|one.?time|einmal\\p{L}*|laufkund\\p{L}*|passage|generic|consumidor|public";
/** And such as stand in many names, unless they begin them. */
const SHORT = "pos|shop|web";
const HAS_GUESTS = new RegExp(`${GUESTS}|^(?:${SHORT})(?!\\p{L})`, "iu");
const IS_GUESTS = new RegExp(`^(?:${GUESTS}|${SHORT})$`, "iu");
/** What may stand beside it in such an id, and in no name. */
const BESIDE =
  /^(?:in|time|walk|one|the|final|customers?|clients?|clientes?|kund\p{L}*|buyers?|users?|accounts?|sales?|orders?|checkout|\p{N}+)$/iu;

/** Whether an id has such a word in it, so that it may be that of guests. */
const looksLikeNobody = (id: string): boolean => NO_NUMBER.test(id) || HAS_GUESTS.test(id);

/** Whether an id is made of such words alone, so that it is nobody's name. */
function isNobodys(id: string): boolean {
  if (NO_NUMBER.test(id) || IS_GUESTS.test(id)) return true;
  const words = id.match(/\p{L}+|\p{N}+/gu) ?? [];
  const isOf = (word: string): boolean => IS_GUESTS.test(word) || /^(?:walk|one)$/i.test(word);
  return words.some(isOf) && words.every((word) => isOf(word) || BESIDE.test(word)) && /^[\p{L}\p{N}\s_.-]+$/u.test(id);
}

/** And where there are at least as many invoices of it. */
const NOTABLE_INVOICES = 5;

/**
 * What to look at among customers before their figures are believed, a sentence for each: one who has so many of the invoices that the
 * id may stand for guests, and ids that may be of one customer.
 *
 * @param names whether ids are named; a report that is to be handed on has none but those that look like nobody's
 */
export function customerRemarks(customers: Iterable<Counted>, { names }: { names: boolean }): string[] {
  return [...guestRemarks(customers, names), ...alikeRemarks(customers, names)];
}

function guestRemarks(customers: Iterable<Counted>, names: boolean): string[] {
  let [count, invoices] = [0, 0];
  // Those with most invoices, and the one of them who looks like nobody.
  let [first, second, nobody]: (Counted | undefined)[] = [];
  const most = (of: Counted | undefined): number => of?.purchaseInvoices ?? Number.NEGATIVE_INFINITY;
  for (const customer of customers) {
    count++;
    invoices += customer.purchaseInvoices;
    if (customer.purchaseInvoices > most(nobody) && looksLikeNobody(customer.customerId)) nobody = customer;
    if (customer.purchaseInvoices > most(first)) [first, second] = [customer, first];
    else if (customer.purchaseInvoices > most(second)) second = customer;
  }
  if (first === undefined || second === undefined) return [];
  const isLarge =
    invoices >= LEAST_INVOICES &&
    count > 2 &&
    first.purchaseInvoices >= Math.max(LARGE_SHARE * invoices, TIMES_THE_NEXT * second.purchaseInvoices);
  const isNotable = most(nobody) >= Math.max(NOTABLE_SHARE * invoices, NOTABLE_INVOICES);
  const suspect = (isNotable ? nobody : undefined) ?? (isLarge ? first : undefined);
  if (suspect === undefined) return [];
  const { customerId, purchaseInvoices: own } = suspect;
  const isNamed = names || isNobodys(customerId);
  return [
    `${isNamed ? `The customer ${customerId}` : "One customer"} has ${formatNumber(own)} of ${formatNumber(invoices)} invoices (${formatShare(own / invoices)}): if that id stands for guests, set the parameter \`nobody\` to ${isNamed ? customerId : "it"}.`,
  ];
}

function alikeRemarks(customers: Iterable<Counted>, names: boolean): string[] {
  const ids = Array.from(customers, ({ customerId }) => customerId);
  const { leadingZeros, letterCase, signs } = alikeIds(ids);
  const kinds = [
    { pairs: leadingZeros, what: "zeros in front", why: "a spreadsheet drops them" },
    { pairs: letterCase, what: "large and small letters", why: "they may have been typed in" },
    { pairs: signs, what: "blanks and signs", why: "telephones are written in several ways" },
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
