/**
 * What a terminal, a page or an XML parser acts on, or refuses, instead of showing it: control characters, marks that turn the direction
 * of writing, halves of surrogate pairs, and characters that are none.
 */
const UNPRINTABLE = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Cs}/gu;

/** A text of which everything is seen: what cannot be printed is "�". Tabs and ends of lines stay. */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(UNPRINTABLE, "\ufffd");
}
