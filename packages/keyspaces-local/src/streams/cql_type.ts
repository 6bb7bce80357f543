/** A type as CQL writes it, `map<text, frozen<list<int>>>`; `frozen` is left out. */
export interface CqlType {
  /** In lower case, but for a quoted name of a user's type. */
  readonly name: string;
  readonly parameters: readonly CqlType[];
}

/** @throws Error for what is no type */
export function parseCqlType(text: string): CqlType {
  const tokens = text.match(/"(?:[^"]|"")*"|\w+|[<>,]/g) ?? [];
  let at = 0;
  const read = (): CqlType => {
    const word = tokens[at++];
    if (word === undefined) throw new Error(`${text} is no type`);
    const name = word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase();
    const parameters: CqlType[] = [];
    if (tokens[at] === "<") {
      do {
        at++;
        parameters.push(read());
      } while (tokens[at] === ",");
      if (tokens[at++] !== ">") throw new Error(`${text} is no type`);
    }
    return name === "frozen" && parameters[0] ? parameters[0] : { name, parameters };
  };
  return read();
}
