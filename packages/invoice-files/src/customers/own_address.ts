import { formatPlural } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { belowZeroReader } from "../money/signs.js";
import { linesWorth, type NumberFormats } from "../money/worth.js";
import type { ReadingRow } from "../reading_row.js";

/** Of the lines, so many go to one address where that is the shop's own. */
const MOST = 0.5;
const FEWEST = 2;

/**
 * The shop's own address in a list of payments with their senders and receivers, in small letters: what it sends goes back to a customer,
 * who is the receiver. "" where the list has none.
 */
export function ownAddressOf(table: Table): { own: string; rows: ReadingRow[] } {
  const none = { own: "", rows: [] };
  const { customerId, receiver } = table.positions;
  if (customerId === undefined || receiver === undefined) return none;
  const counts = new Map<string, number>();
  const value = (fields: readonly string[], at: number): string => fieldAt(fields, at).toLowerCase();
  let filled = 0;
  for (const { fields } of table.lines) {
    const address = value(fields, receiver);
    if (address === "") continue;
    filled++;
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  const [own, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? ["", 0];
  const sent = table.lines.filter(({ fields }) => own !== "" && value(fields, customerId) === own).length;
  if (sent === 0 || count < FEWEST || count <= MOST * filled) return none;
  return {
    own,
    rows: [
      {
        what: "customers",
        readAs: `${table.nameOf(receiver)} where ${table.nameOf(customerId)} is the shop's own`,
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
export function returnsOfOneOf(table: Table, formats: NumberFormats, own: string): ReadingRow[] {
  const { lines: all, positions } = table;
  const { customerId, receiver } = positions;
  const isBelowZero = belowZeroReader(table);
  const idOf = ({ fields }: TableRecord): string => {
    const from = fieldAt(fields, customerId);
    return own !== "" && from.toLowerCase() === own ? fieldAt(fields, receiver) : from;
  };
  const returns = new Map<string, TableRecord[]>();
  let below = 0;
  for (const record of all) {
    if (!isBelowZero(record.fields)) continue;
    const id = idOf(record);
    if (id === "") continue;
    below++;
    const known = returns.get(id);
    if (known === undefined) returns.set(id, [record]);
    else known.push(record);
  }
  const [id, lines] = [...returns].sort(([, a], [, b]) => b.length - a.length)[0] ?? ["", []];
  const count = lines.length;
  if (count < FEWEST_RETURNS || count < NEARLY_ALL * below) return [];
  const buyers = new Set(all.filter(({ fields }) => !isBelowZero(fields)).map(idOf));
  buyers.delete("");
  if (buyers.has(id) || buyers.size < FEWEST_BUYERS) return [];
  return [
    {
      what: "returns",
      readAs: "of one id, taken off no other customer",
      because: `${linesWorth(lines, positions, formats)} below zero of the sample, of one id that has bought nothing: where that is the shop's own, name the column of who was paid in columns="receiver=…"`,
      confidence: "likely",
    },
  ];
}
