import type { StepError } from "../errors.js";
import { show } from "./display.js";

/** Says a result in a sentence or two, with its numbers. Markdown. */
export function say(markdown: string): void {
  show({ "text/plain": markdown.replace(/[*`]/g, ""), "text/markdown": markdown });
}

/** Tells of a failure that does not end the cell: what it was, and what to do about it. */
export function warn({ message, hint }: Pick<StepError, "message" | "hint">): void {
  show({ "text/plain": hint === undefined ? message : `${message}\n${hint}` });
}
