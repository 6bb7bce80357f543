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
  return hour === "" || day.includes(":") ? day : `${day} ${clockOf(hour)}`;
}

/** Midnight of a spreadsheet's first days, which it puts before times that have no date. */
const NO_DAY = /^(?:1899-12-3[01]|1900-01-0[01]|(?:30|31)[./]12[./](?:18)?99|12[./]3[01][./](?:18)?99)[T ](?=\d)/;
const DAY_SECONDS = 86_400;

/** A time of day as a clock shows it: `927` is 09:27, `92700` with seconds, `0.39375` of a day as well, and so is `1899-12-30 09:27`. */
function clockOf(time: string): string {
  if (/^\d{1,3}(?:\.0)?$/.test(time)) return time.replace(/\.0$/, "").padStart(4, "0");
  if (/^\d{5}(?:\.0)?$/.test(time)) return time.replace(/\.0$/, "").padStart(6, "0");
  if (/^0?\.\d+$/.test(time)) {
    const seconds = Math.round(Number(time) * DAY_SECONDS) % DAY_SECONDS;
    return new Date(seconds * 1000).toISOString().slice(11, 19);
  }
  return time.replace(NO_DAY, "");
}
