import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { RetailTotals } from "./fold.js";

/** What is said of invoice numbers that name several invoices, or may do so, a sentence for each. */
export function numberRemarks({ reusedNumbers, pauses }: Pick<RetailTotals, "reusedNumbers" | "pauses">): string[] {
  return [
    ...(reusedNumbers === 0
      ? []
      : [
          `${formatPlural(reusedNumbers, "invoice number")} ${pluralForm(reusedNumbers, "names", "name")} more than one invoice: lines of one number that are a day or more apart are told apart, a night or more where the number comes again within a week, and each invoice counts.`,
        ]),
    ...(pauses === 0
      ? []
      : [
          `${formatPlural(pauses, "purchase")} ${pluralForm(pauses, "is", "are")} 6 to 24 hours behind others of the same number and customer, and ${pluralForm(pauses, "counts", "count")} as one invoice with them. Where numbers begin again each day, ${pluralForm(pauses, "it is an invoice", "they are invoices")} of ${pluralForm(pauses, "its", "their")} own, and the frequency is too low: put the day and the number in one.`,
        ]),
  ];
}
