/** What a terminal acts on instead of showing it: control characters, and marks that turn the direction of writing. */
const UNPRINTABLE = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text that says what it says: file names, names of clusters and errors come from outside, and may hold a terminal's commands. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, "\ufffd");
}
