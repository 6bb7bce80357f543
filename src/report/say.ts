import { show } from "./display.js";

/** Says a result in a sentence or two, with its numbers. Markdown. */
export function say(markdown: string): void {
  show({ "text/plain": markdown.replace(/[*`]/g, ""), "text/markdown": markdown });
}
