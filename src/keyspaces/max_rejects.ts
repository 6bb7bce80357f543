import { ArgumentError } from "../errors.js";

/** How many lines may be rejected before the run stops: a number of them, or a share of those read, such as "5%". */
export type MaxRejects = number | `${number}%`;

/** A share says nothing about the first few lines. */
const ENOUGH_LINES = 1000;

/**
 * @returns a function that tells whether so many rejects among so many lines are too many
 * @throws ArgumentError
 */
export function readMaxRejects(maxRejects: MaxRejects): (rejected: number, lines: number) => boolean {
  if (typeof maxRejects === "number" && maxRejects >= 0) return (rejected) => rejected > maxRejects;
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(String(maxRejects)) ?? [];
  const percent = Number(digits);
  if (!(percent >= 0 && percent <= 100)) {
    throw new ArgumentError("maxRejects", 'a number of lines or a percentage such as "5%"', maxRejects);
  }
  return (rejected, lines) => lines >= ENOUGH_LINES && rejected * 100 > percent * lines;
}
