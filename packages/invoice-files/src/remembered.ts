const REMEMBERED = 20_000;

/** The same function, which answers repeated texts from memory: a file holds few distinct prices, dates and descriptions. */
export function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined || known.has(text)) return value as T;
    if (known.size >= REMEMBERED) known.clear();
    const fresh = read(text);
    known.set(detached(text), fresh);
    return fresh;
  };
}

/** A copy of the text: a long slice would keep its whole chunk of the file in memory. */
export function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}
