import { ArgumentError } from "@keyspaces-segmentation/common";

/** How many lines may be rejected before the run stops: a number of them, or a share of those read, such as "5%". */
export type MaxRejects = number | `${number}%`;

/** A share says nothing about the first few lines. */
const ENOUGH_LINES = 1000;

export const maxRejectsRule = 'a number of lines or a percentage such as "5%"';

/** Undefined for what is none. */
export function acceptMaxRejects(value: unknown): MaxRejects | undefined {
  if (typeof value === "number") return value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined;
  const [text, digits] = /^(\d+(?:\.\d+)?)%$/.exec(String(value)) ?? [];
  return Number(digits) <= 100 ? (text as MaxRejects) : undefined;
}

/**
 * @returns a function that tells whether so many rejects among so many lines are too many
 * @throws ArgumentError
 */
export function readMaxRejects(maxRejects: MaxRejects): (rejected: number, lines: number) => boolean {
  const most = acceptMaxRejects(maxRejects);
  if (most === undefined) throw new ArgumentError("maxRejects", maxRejectsRule, maxRejects);
  if (typeof most === "number") return (rejected) => rejected > most;
  const percent = Number(most.slice(0, -1));
  return (rejected, lines) => lines >= ENOUGH_LINES && rejected * 100 > percent * lines;
}
