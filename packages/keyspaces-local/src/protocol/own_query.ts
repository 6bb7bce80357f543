import { bytesOf, intOf, longStringOf } from "./notation.js";
import { ParameterFlag } from "./requests.js";

/** Which rows of an answer are wanted: all of them, unless it says less. */
export interface WantedPage {
  readonly size?: number | undefined;
  readonly state?: Buffer | undefined;
}

/** A QUERY body: what the gateway itself asks of Cassandra. Values are given as they go over the wire. */
export function queryBody(
  text: string,
  consistency: number,
  values: readonly (Buffer | null)[],
  { size, state }: WantedPage = {},
): Buffer {
  const flags =
    (values.length > 0 ? ParameterFlag.values : 0) |
    (size ? ParameterFlag.pageSize : 0) |
    (state ? ParameterFlag.pagingState : 0);
  const count = values.length > 0 ? [Buffer.from([values.length >> 8, values.length & 0xff])] : [];
  const cells = values.flatMap((value) => (value === null ? [intOf(-1)] : [intOf(value.length), value]));
  const page = [...(size ? [intOf(size)] : []), ...(state ? [bytesOf(state)] : [])];
  const parameters = Buffer.from([consistency >> 8, consistency & 0xff, flags]);
  return Buffer.concat([longStringOf(text), parameters, ...count, ...cells, ...page]);
}
