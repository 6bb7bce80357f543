import { randomUUID } from "node:crypto";
import { printable } from "@keyspaces-segmentation/common";
import { isInteractive, replace, show } from "./display.js";
import { escapeHtml } from "./html.js";

/** How far a step is. */
interface ProgressState {
  /** 0 to 1, where it is known. */
  fraction?: number;
  text: string;
}

/** A step that reports how far it is; see {@link progress}. */
export interface Progress {
  update(state: ProgressState): void;
  /** Says how the step ended, with the time it took. */
  done(text: string): void;
}

/** Redrawn at most this often, in milliseconds. */
const REDRAW_MS = 250;

function percent(fraction: number): number {
  return Math.floor(100 * Math.min(1, Math.max(0, fraction)));
}

/** Status messages of services come in: none of them may look like a line of its own. */
const oneLine = (text: string): string => printable(text.replace(/\s+/g, " "));

function lineOf(label: string, { fraction, text }: ProgressState): string {
  return oneLine(fraction === undefined ? `${label}: ${text}` : `${label}: ${percent(fraction)} %, ${text}`);
}

/**
 * Shows how a long step comes along: in one place that is drawn anew at most four times a second; in a headless run or
 * outside a kernel as plain lines, one a quarter or one a change of status.
 *
 * @param clock milliseconds, from any start
 */
export function progress(label: string, clock: () => number = () => performance.now()): Progress {
  const started = clock();
  const print = isInteractive() ? inPlace(clock) : inLines();
  return {
    update: (state) => print.update(lineOf(label, state), state),
    done: (text) => print.done(oneLine(`${label}: ${text} (${((clock() - started) / 1000).toFixed(1)} s)`)),
  };
}

interface Printer {
  update(line: string, state: ProgressState): void;
  done(line: string): void;
}

function inPlace(clock: () => number): Printer {
  const id = `progress-${randomUUID()}`;
  let drawn: number | undefined;
  const draw = (line: string, fraction: number | undefined, over: boolean) => {
    const value = fraction === undefined ? "" : ` value="${Math.min(1, Math.max(0, fraction))}"`;
    const sign = over ? "✓" : `<progress max="1"${value} style="vertical-align:middle"></progress>`;
    const bundle = { "text/plain": over ? `✓ ${line}` : line, "text/html": `<div>${sign} ${escapeHtml(line)}</div>` };
    if (drawn === undefined) show(bundle, id);
    else replace(bundle, id);
    drawn = clock();
  };
  return {
    update(line, { fraction }) {
      // A change of status (one without a fraction) is rare and may be the last for minutes: never left out.
      const soon = drawn !== undefined && clock() - drawn < REDRAW_MS;
      if (fraction === undefined || !soon) draw(line, fraction, false);
    },
    done: (line) => draw(line, 1, true),
  };
}

function inLines(): Printer {
  let quarter = -1;
  let last = "";
  return {
    update(line, { fraction }) {
      const reached = fraction === undefined ? quarter : Math.floor(percent(fraction) / 25);
      const news = fraction === undefined ? line !== last : reached > quarter;
      if (news) console.log(line);
      quarter = reached;
      last = line;
    },
    done: (line) => console.log(`✓ ${line}`),
  };
}
