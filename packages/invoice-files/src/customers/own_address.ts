import { formatPlural } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { listed, type Positions } from "../columns/map_columns.js";
import { isBelowZero } from "../money/signs.js";
import { type Amounts, linesWorth } from "../money/worth.js";
import type { ReadingRow } from "../reading_row.js";

/** Of the lines, so many go to one address where that is the shop's own. */
const MOST = 0.5;
const FEWEST = 2;

/**
 * The shop's own address in a list of payments with their senders and receivers, in small letters: what it sends goes back to a customer,
 * who is the receiver. "" where the list has none.
 */
export function ownAddressOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions: { customerId, receiver }, shift }: { positions: Positions; shift: number },
): { own: string; rows: ReadingRow[] } {
  const none = { own: "", rows: [] };
  if (customerId === undefined || receiver === undefined) return none;
  const counts = new Map<string, number>();
  const value = (fields: readonly string[], at: number): string => fields[at + shift]?.trim().toLowerCase() ?? "";
  let filled = 0;
  for (const { fields } of body) {
    const address = value(fields, receiver);
    if (address === "") continue;
    filled++;
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  const [own, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? ["", 0];
  const sent = body.filter(({ fields }) => own !== "" && value(fields, customerId) === own).length;
  if (sent === 0 || count < FEWEST || count <= MOST * filled) return none;
  return {
    own,
    rows: [
      {
        what: "customers",
        readAs: `${listed([header[receiver]!])} where ${listed([header[customerId]!])} is the shop's own`,
        because: `${formatPlural(count, "line")} of the sample ${count === 1 ? "goes" : "go"} to one address, from which ${formatPlural(sent, "line")} ${sent === 1 ? "comes" : "come"}`,
        confidence: "likely",
      },
    ],
  };
}

/** Fewer returns, or customers, may be so by chance. */
const FEWEST_RETURNS = 2;
const FEWEST_BUYERS = 3;
const NEARLY_ALL = 0.8;

/** What is said where nearly all lines below zero are of one id that has none above, as refunds are that carry the shop's own. */
export function returnsOfOneOf(body: readonly TableRecord[], amounts: Amounts, own: string): ReadingRow[] {
  const { positions, shift } = amounts;
  const { customerId, receiver, quantity, price, amount } = positions;
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
  const returns = new Map<string, TableRecord[]>();
  const buyers = new Set<string>();
  let below = 0;
  for (const record of body) {
    const { fields } = record;
    const from = value(fields, customerId);
    const id = own !== "" && from.toLowerCase() === own ? value(fields, receiver) : from;
    if (id === "") continue;
    if (isBelowZero(value(fields, quantity)) || isBelowZero(value(fields, price ?? amount))) {
      below++;
      const known = returns.get(id);
      if (known === undefined) returns.set(id, [record]);
      else known.push(record);
    } else buyers.add(id);
  }
  const [id, lines] = [...returns].sort(([, a], [, b]) => b.length - a.length)[0] ?? ["", []];
  const count = lines.length;
  if (count < FEWEST_RETURNS || count < NEARLY_ALL * below || buyers.has(id) || buyers.size < FEWEST_BUYERS) return [];
  return [
    {
      what: "returns",
      readAs: "of one id, taken off no other customer",
      because: `${linesWorth(lines, amounts)} below zero of the sample, of one id that has bought nothing: where that is the shop's own, name the column of who was paid in columns="receiver=…"`,
      confidence: "likely",
    },
  ];
}
