import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { type IdNotes, idsText } from "@keyspaces-segmentation/invoices";
import type { TextCounts } from "@keyspaces-segmentation/table-files";

/** What was seen of a file while all of it was read, and costs no line. */
export interface FileNotes extends IdNotes, Pick<TextCounts, "linesInWindows1252" | "linesInUtf8" | "damagedLines"> {}

export const notesOf = (
  { addressesInTwoCases }: IdNotes,
  { linesInWindows1252, linesInUtf8, damagedLines }: TextCounts,
): FileNotes => ({ addressesInTwoCases, linesInWindows1252, linesInUtf8, damagedLines });

/** The same in sentences. */
export function notesText(notes: FileNotes): string[] {
  const { linesInWindows1252, linesInUtf8, damagedLines } = notes;
  const inOther = (count: number, encoding: string): string[] =>
    count === 0
      ? []
      : [
          `${formatPlural(count, "line")} ${pluralForm(count, "is", "are")} in ${encoding}, unlike the others, and ${pluralForm(count, "was", "were")} read so: names in ${pluralForm(count, "it", "them")} are worth a look.`,
        ];
  return [
    ...inOther(linesInWindows1252, "Windows-1252 or another encoding of eight bits"),
    ...inOther(linesInUtf8, "UTF-8"),
    ...(damagedLines === 0
      ? []
      : [
          `${formatPlural(damagedLines, "line")} ${pluralForm(damagedLines, "has", "have")} characters that cannot be read: \ufffd stands for them.`,
        ]),
    ...idsText(notes),
  ];
}
