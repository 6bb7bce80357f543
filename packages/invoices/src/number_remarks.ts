import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { RetailTotals } from "./fold.js";

/** What is said of invoice numbers that name several invoices. */
export function numberRemarks({ reusedNumbers }: Pick<RetailTotals, "reusedNumbers">): string[] {
  if (reusedNumbers === 0) return [];
  return [
    `${formatPlural(reusedNumbers, "invoice number")} ${pluralForm(reusedNumbers, "names", "name")} more than one invoice: lines of one number and customer that are a day or more apart are told apart, 6 hours or more where the number is bought with again after one to five days, and each invoice counts. Where that takes several for one, as of two shifts a day, or one for several, make invoice numbers of day and number, such as 2024-01-31/57.`,
  ];
}
