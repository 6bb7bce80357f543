import { inspect } from "node:util";
import { printable } from "./formats.js";

/** What a failed step tells its reader; see {@link StepError}. */
export interface StepFailure {
  /** What was tried, on what, as a phrase: "connect to Amazon Keyspaces at host:9142 as arn:…". */
  tried: string;
  /** What came back, in the words of whoever answered. */
  got: string;
  /** What the reader can do about it. */
  hint?: string;
  cause?: unknown;
}

/**
 * A step of the walkthrough that did not work, worded for the person at the notebook:
 * one line "Could not <tried>: <got>", one line with what to do.
 * A notebook cell prints exactly these lines; the stack shows only where `SEGMENTATION_DEBUG` is set.
 */
export class StepError extends Error {
  readonly hint: string | undefined;
  readonly #failure: StepFailure;

  constructor(failure: StepFailure) {
    const { tried, got, hint, cause } = failure;
    super(printable(`Could not ${tried}: ${got.replace(/\.$/, "")}.`), cause === undefined ? undefined : { cause });
    this.name = "StepError";
    this.hint = hint && printable(hint);
    this.#failure = failure;
  }

  /** The same failure, with more that the reader can do about it or has to know. */
  withHint(hint: string): StepError {
    return new StepError({ ...this.#failure, hint: this.hint ? `${this.hint} ${hint}` : hint });
  }
}

/** A bad argument or parameter: ``Expected `k` to be an integer from 1 to 157, got 0``. Shown as one line in a cell. */
export class ArgumentError extends Error {
  constructor(name: string, rule: string, got: unknown) {
    const value = typeof got === "string" ? JSON.stringify(got) : String(got);
    super(printable(`Expected \`${name}\` to be ${rule}, got ${value}`));
    this.name = "ArgumentError";
  }
}

let lastShown: StepError | ArgumentError | undefined;

/** The error that a cell showed last, with its stack and all its causes; undefined where none has failed. */
export function detailsOfLastError(): string | undefined {
  return lastShown && detailsOf(lastShown);
}

function detailsOf({ message, stack = message, cause }: Error): string {
  const shown = printable(stack);
  return cause === undefined
    ? shown
    : `${shown}\nCaused by: ${cause instanceof Error ? detailsOf(cause) : inspect(cause)}`;
}

/** tslab prints a thrown error through this hook; without it a reader gets a dozen frames of the kernel's insides. */
function asLines(this: StepError | ArgumentError): string {
  lastShown = this;
  if (process.env.SEGMENTATION_DEBUG) return detailsOf(this);
  return "hint" in this && this.hint ? `${this.message}\n${this.hint}` : this.message;
}
for (const { prototype } of [StepError, ArgumentError]) {
  Object.defineProperty(prototype, inspect.custom, { value: asLines });
}

/** The message of whatever was thrown, on one line and never empty. */
export function messageOf(thrown: unknown): string {
  // By its looks, not by `instanceof`: errors of another realm (a kernel's cells, Jest's tests) are errors too.
  const { message, name } = Object(thrown) as { message?: unknown; name?: unknown };
  const text = typeof message === "string" ? message || String(name) : String(thrown);
  return printable(text).replace(/\s+/g, " ").trim() || "no reason given";
}

/** @throws ArgumentError unless it is an integer within these bounds */
export function requireInteger(name: string, value: number, least: number, most?: number): void {
  if (Number.isInteger(value) && value >= least && value <= (most ?? value)) return;
  const rule = most === undefined ? `an integer of ${least} or more` : `an integer from ${least} to ${most}`;
  throw new ArgumentError(name, rule, value);
}
