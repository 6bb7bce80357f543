import { UNSET } from "./bound_values.js";
import { bytesOf, intOf, longStringOf, shortOf } from "./notation.js";
import { ParameterFlag } from "./requests.js";

/** As it goes over the wire; undefined where it is left unset. */
export type BoundValue = Buffer | null | undefined;

/** Which rows of an answer are wanted: all of them, unless it says less. */
export interface WantedPage {
  readonly size?: number | undefined;
  readonly state?: Buffer | undefined;
}

/** A QUERY body: what the gateway itself asks of Cassandra. */
export function queryBody(
  text: string,
  consistency: number,
  values: readonly BoundValue[],
  { size, state }: WantedPage = {},
): Buffer {
  const flags =
    (values.length > 0 ? ParameterFlag.values : 0) |
    (size === undefined ? 0 : ParameterFlag.pageSize) |
    (state ? ParameterFlag.pagingState : 0);
  const cells = values.flatMap((value) =>
    value === undefined ? [intOf(UNSET)] : value === null ? [intOf(-1)] : [intOf(value.length), value],
  );
  return Buffer.concat([
    longStringOf(text),
    shortOf(consistency),
    Buffer.from([flags]),
    ...(values.length > 0 ? [shortOf(values.length), ...cells] : []),
    ...(size === undefined ? [] : [intOf(size)]),
    ...(state ? [bytesOf(state)] : []),
  ]);
}
