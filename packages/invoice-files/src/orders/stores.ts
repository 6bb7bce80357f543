import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { simplified } from "../columns/column_names.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";

/** Columns of where something was sold, by their names. */
const STORE =
  /^(?:store|shop|branch|outlet|location|filiale?|markt|boutique|magasin|tienda|sucursal|negozio|winkel|vestiging|sklep|butikk?|loja|site|series?|till|register|terminal|kasse|kassa|caja|caisse|cassa)(?:id|no|nr|num|number|name|code|nummer)?$/;

/** What is said of receipts of two stores that are one invoice: with the number, the customer and the day that another store's has. */
export function storesOf(table: Table): ReadingRow[] {
  const { invoice, customerId, invoiceDate } = table.positions;
  const at = table.unused().find((each) => STORE.test(simplified(table.header[each]!)));
  if (at === undefined) return [];
  /** By number, customer and day the store of the first line. */
  const storeOf = new Map<string, string>();
  const ofSeveral = new Set<string>();
  for (const { fields } of table.lines) {
    const [number, store, customer] = [fieldAt(fields, invoice), fieldAt(fields, at), fieldAt(fields, customerId)];
    if (number === "" || store === "" || customer === "") continue;
    const [day = ""] = fieldAt(fields, invoiceDate).split(/[ T]/, 1);
    const receipt = JSON.stringify([number, customer, day]);
    const known = storeOf.get(receipt);
    if (known === undefined) storeOf.set(receipt, store);
    else if (known !== store) ofSeveral.add(receipt);
  }
  if (ofSeveral.size === 0 || !beginAgain(storeOf)) return [];
  const count = ofSeveral.size;
  return [
    {
      what: "invoices",
      readAs: `lines with one number, customer and day are one, whatever ${table.nameOf(at)} says`,
      because: `${formatPlural(count, "number")} of the sample ${pluralForm(count, "stands", "stand")} for receipts of two for the same customer on the same day, and ${pluralForm(count, "counts", "count")} as one purchase each`,
      confidence: "likely",
    },
  ];
}

/** Whether some number is of one customer or day in one store, and of another in another: each store counts its own. */
function beginAgain(storeOf: ReadonlyMap<string, string>): boolean {
  const first = new Map<string, string>();
  for (const [receipt, store] of storeOf) {
    const [number] = JSON.parse(receipt) as [string];
    const known = first.get(number);
    if (known !== undefined && known !== store) return true;
    if (known === undefined) first.set(number, store);
  }
  return false;
}
