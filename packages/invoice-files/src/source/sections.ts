import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import type { ReadingRow } from "../reading_row.js";

/** A record of a file, of which may be known that its line is a return, as of a sheet that is called so. */
export interface SectionRecord extends TableRecord {
  readonly isReturn?: boolean;
}

const RETURNS =
  /^(?:sales|customer|product)?(?:returns?|returned(?:items|orders)?|refunds?|credits?|credit(?:note|memo)s?|gutschriften?|stornos?|retouren?|avoirs?|retours?|remboursements?|abonos|devoluciones|resi|notedicredito|creditnotas?|korekty|zwroty|returer|kreditnotor)$/;
const SALES =
  /^(?:sales?|orders?|invoices?|purchases?|verkaufe|rechnungen|bestellungen|ventes?|factures?|commandes?|ventas?|facturas?|pedidos?|vendite|fatture|ordini|verkopen|facturen|sprzedaz|faktury|forsaljning|salg)$/;

/** Whether a title says that what is below it, or on its sheet, are returns. */
export const saysReturns = (title: string): boolean => RETURNS.test(simplified(title));

/** The only field of a record that has anything in it; "" for none. */
function titleOf({ fields }: TableRecord): string {
  let title = "";
  for (const field of fields) {
    const text = field.trim();
    if (text === "") continue;
    if (title !== "") return "";
    title = text;
  }
  return title;
}

/** Follows the titles between the lines of a report, which may have its returns in a section of their own. */
export class Sections {
  isOfReturns = false;
  #isBelowTitle = false;

  /** Takes a record that is no line. */
  take(record: TableRecord, { isHeader }: { isHeader: boolean }): void {
    if (isHeader) {
      // A header of its own begins a section; what stands right above it is its title.
      this.isOfReturns &&= this.#isBelowTitle;
      this.#isBelowTitle = false;
      return;
    }
    const title = titleOf(record);
    this.#isBelowTitle = saysReturns(title);
    if (this.#isBelowTitle) this.isOfReturns = true;
    else if (SALES.test(simplified(title))) this.isOfReturns = false;
  }
}

/** What is said of a file that has titles of returns between its lines. */
export function sectionsOf(body: readonly TableRecord[]): ReadingRow[] {
  const titles = new Set(body.map(titleOf).filter((title) => title !== "" && saysReturns(title)));
  if (titles.size === 0) return [];
  return [
    {
      what: "sections",
      readAs: `what stands below ${[...titles].map((title) => JSON.stringify(title)).join(", ")} are returns`,
      because: "a title that says so; what is above zero there is turned",
      confidence: "likely",
    },
  ];
}
