import { ArgumentError } from "@keyspaces-segmentation/common";
import { DAY_MS } from "./calendar.js";

/** Days remembered; a shop's file has a few thousand. */
const MAX_DAYS = 50_000;

/** Farther from a day's start or end than any offset from UTC. */
const REACH_MS = 15 * 3_600_000;

/** Names that have rules; to look for them takes longer than to read a small file. */
const known = new Set<string>();

/** @throws ArgumentError for a name that this Node has no rules of */
export function requireTimeZone(timeZone: string): void {
  if (known.has(timeZone)) return;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    known.add(timeZone);
  } catch {
    throw new ArgumentError("timeZone", 'the IANA name of a time zone, such as "Europe/Berlin" or "UTC"', timeZone);
  }
}

/**
 * Turns what a zone's clock on the wall shows into the instant, both in milliseconds since 1970.
 * A time that comes twice, when clocks go back, is the first of the two; one that is skipped, when they go forward, is moved
 * forward by what was skipped (02:30 to 03:30). It is what Temporal calls "compatible".
 *
 * @throws ArgumentError for a name that this Node has no rules of
 */
export function wallClockReader(timeZone: string): (wall: number) => number {
  requireTimeZone(timeZone);
  const offsetAt = offsetReader(timeZone);
  const offsetOfDay = new Map<number, number>();
  return (wall) => {
    const day = Math.floor(wall / DAY_MS);
    let offset = offsetOfDay.get(day);
    if (offset === undefined) {
      if (offsetOfDay.size >= MAX_DAYS) offsetOfDay.clear();
      const start = day * DAY_MS;
      const before = offsetAt(start - REACH_MS);
      offset = before === offsetAt(start + DAY_MS + REACH_MS) ? before : Number.NaN;
      offsetOfDay.set(day, offset);
    }
    return Number.isNaN(offset) ? acrossChange(wall, offsetAt) : wall - offset;
  };
}

function acrossChange(wall: number, offsetAt: (instant: number) => number): number {
  const before = offsetAt(wall - DAY_MS);
  const first = wall - before;
  if (offsetAt(first) === before) return first;
  const after = offsetAt(wall + DAY_MS);
  const second = wall - after;
  return offsetAt(second) === after ? second : first;
}

/** Milliseconds by which a zone's clock is ahead of UTC at an instant. */
function offsetReader(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (instant) => {
    const fields: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(instant)) fields[type] = value;
    const year = fields.era === "BC" ? 1 - Number(fields.year) : Number(fields.year);
    const wall = new Date(0);
    wall.setUTCFullYear(year, Number(fields.month) - 1, Number(fields.day));
    wall.setUTCHours(Number(fields.hour), Number(fields.minute), Number(fields.second));
    return wall.getTime() - Math.floor(instant / 1000) * 1000;
  };
}

/** Minutes east of Greenwich of the names that mean one offset only: RFC 9110's, and those of RFC 2822, section 4.3. */
const ZONES: { readonly [name: string]: number } = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/** @param word in small letters
 *  @returns undefined for a name that means different offsets to different people (BST, IST, CET in summer) */
export function zoneOffset(word: string): number | undefined {
  return Object.hasOwn(ZONES, word) ? ZONES[word] : undefined;
}
