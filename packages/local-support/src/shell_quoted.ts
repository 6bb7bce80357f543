/** A value as a shell reads it literally. */
export const shellQuoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
