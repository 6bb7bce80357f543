import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { alikeIds } from "./customer_ids.js";

/** Which customers may be one, as their ids are so much alike: a sentence a kind. */
export function alikeText(customers: readonly { readonly customerId: string }[]): string[] {
  const { leadingZeros, letterCase } = alikeIds(customers.map(({ customerId }) => customerId));
  const kinds = [
    { pairs: leadingZeros, what: "zeros in front", why: "a spreadsheet drops them" },
    { pairs: letterCase, what: "large and small letters", why: "they may have been typed in" },
  ];
  return kinds.flatMap(({ pairs, what, why }) => {
    const [first] = pairs;
    if (first === undefined) return [];
    const differing = `**${formatPlural(pairs.length, "customer id")}** ${pluralForm(pairs.length, "differs", "differ")}`;
    return `${differing} from another one by ${what} only, such as ${first[0]} and ${first[1]}: ${why}. They count as different customers.`;
  });
}
