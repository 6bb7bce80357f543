import type { TableRecord } from "@keyspaces-segmentation/table-files";
import type { Positions } from "./map_columns.js";

/** The dates of records, with the time beside them where that is a column of its own. */
export function datesOf(body: readonly TableRecord[], { invoiceDate, time }: Positions, shift: number): string[] {
  return body.flatMap(({ fields }) => dateText(fields, invoiceDate!, time, shift) || []);
}

/** The text of a record's date; a time of its own column stands behind it. */
export function dateText(fields: readonly string[], date: number, time: number | undefined, shift: number): string {
  const day = fields[date + shift]?.trim() ?? "";
  if (time === undefined || day === "") return day;
  const hour = fields[time + shift]?.trim() ?? "";
  return hour === "" || day.includes(":") ? day : `${day} ${hour}`;
}
