/** What no shell gives a meaning to. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A value as a word of a command that a reader is to type: as it is, or in quotes where a shell would read it otherwise. */
export function shellWord(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
