import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import { listed, type Positions } from "../columns/map_columns.js";
import type { ReadingRow } from "../reading_row.js";

/** Columns of where something was sold, by their names. */
const STORE =
  /^(?:store|shop|branch|outlet|location|filiale?|markt|boutique|magasin|tienda|sucursal|negozio|winkel|vestiging|sklep|butikk?|loja|site|series?|till|register|terminal|kasse|kassa|caja|caisse|cassa)(?:id|no|nr|num|number|name|code|nummer)?$/;

/** What is said of receipts of two stores that are one invoice: with the number, the customer and the day that another store's has. */
export function storesOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
): ReadingRow[] {
  const { invoice, customerId, invoiceDate } = positions;
  const used = new Set<number>(Object.values(positions));
  const at = header.findIndex((name, each) => !used.has(each) && STORE.test(simplified(name)));
  if (at < 0) return [];
  const value = (fields: readonly string[], of: number | undefined): string =>
    of === undefined ? "" : (fields[of + shift]?.trim() ?? "");
  /** By number, customer and day the store of the first line. */
  const storeOf = new Map<string, string>();
  const ofSeveral = new Set<string>();
  for (const { fields } of body) {
    const [number, store, customer] = [value(fields, invoice), value(fields, at), value(fields, customerId)];
    if (number === "" || store === "" || customer === "") continue;
    const [day = ""] = value(fields, invoiceDate).split(/[ T]/, 1);
    const receipt = JSON.stringify([number, customer, day]);
    const known = storeOf.get(receipt);
    if (known === undefined) storeOf.set(receipt, store);
    else if (known !== store) ofSeveral.add(receipt);
  }
  if (ofSeveral.size === 0 || !beginAgain(storeOf)) return [];
  const count = ofSeveral.size;
  const name = listed([header[at]!]);
  return [
    {
      what: "invoices",
      readAs: `lines with one number, customer and day are one, whatever ${name} says`,
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
