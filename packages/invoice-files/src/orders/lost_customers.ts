import { formatPlural } from "@keyspaces-segmentation/common";
import { dateText } from "../columns/date_text.js";
import { fieldAt, type Table } from "../columns/table.js";

/** So many moments would begin with a line without a customer if these were guests': by chance alone none does in one of 50 files. */
const FEWEST_EXPECTED = 4;
/** A purchase without a customer begins a moment as well. */
const GUESTS = 1 / 6;
/** Of fewer customers each may stand once by chance. */
const FEWEST_CUSTOMERS = 3;

/**
 * Whether a file without invoice numbers seems to have a customer on the first of their lines alone: no moment begins with a line of nobody, as
 * some would if these were guests'; or each customer stands once above the lines of theirs. What to say of it; undefined where it has not.
 */
export function lostCustomersOf({ pieces, lines: all, positions }: Table): string | undefined {
  const { customerId } = positions;
  const customers = new Set<string>();
  let [blank, begun, begunBlank, named] = [0, 0, 0, 0];
  for (const piece of pieces) {
    let before: string | undefined;
    for (const { fields } of piece) {
      const customer = fieldAt(fields, customerId);
      const moment = dateText(fields, positions);
      if (customer === "") blank++;
      else {
        customers.add(customer);
        named++;
      }
      if (moment !== "" && before !== undefined && moment !== before) {
        begun++;
        if (customer === "") begunBlank++;
      }
      if (moment !== "") before = moment;
    }
  }
  const expected = (blank / all.length) * begun;
  const isByMoment = expected >= FEWEST_EXPECTED && begunBlank <= GUESTS * expected;
  const first = fieldAt(pieces[0]?.[0]?.fields ?? [], customerId);
  const isByCustomer =
    first !== "" && customers.size >= FEWEST_CUSTOMERS && named === customers.size && blank > customers.size;
  if (!isByMoment && !isByCustomer) return undefined;
  return `${formatPlural(blank, "line")} without a customer seem to be of the customer above: fill the column down in the file, unless nobody's lines are meant`;
}
