import { printable } from "@keyspaces-segmentation/common";

/**
 * One output in all the forms a viewer may choose from, by MIME type; images in base64. No Markdown: nothing in it is sure to be taken
 * literally, and nbconvert passes the HTML in it on.
 */
export interface Bundle {
  /** Any text. */
  "text/plain": string;
  /** Made of escaped parts. */
  "text/html"?: string;
  "image/png"?: string;
}

interface DisplayData {
  data: object;
  metadata: object;
  transient: { display_id?: string };
}

type WriteDisplayData = (data: DisplayData, update: boolean) => void;

/**
 * The running kernel's own way to write an output. tslab's public API knows only one MIME type an output; this is the
 * function behind it (tslab 1.0.22, dist/jupyter.js), null until the first cell runs. Looked up among the loaded
 * modules: where there is no kernel, none is loaded for this.
 */
function kernel(): WriteDisplayData | undefined {
  const loaded = require.cache?.[require.resolve("tslab/dist/jupyter")]?.exports as
    | { lastWriteDisplayData?: WriteDisplayData | null }
    | undefined;
  return loaded?.lastWriteDisplayData ?? undefined;
}

/** Whether a person may be watching: inside a kernel, and `SEGMENTATION_HEADLESS` is not set to 1. */
export function isInteractive(): boolean {
  return kernel() !== undefined && process.env.SEGMENTATION_HEADLESS !== "1";
}

/**
 * Writes one output. Outside a notebook's kernel its text goes to the console.
 *
 * @param displayId a name for the output, by which {@link replace} can change it later
 */
export function show(bundle: Bundle, displayId?: string): void {
  write(bundle, displayId, false);
}

/** Writes one output that has a script. In the page that is made of a notebook no other scripts run. */
export function showLive(bundle: Bundle): void {
  write(bundle, undefined, false, { live: true });
}

/** Puts another content in the place of the output shown under this display id, also from a later cell. */
export function replace(bundle: Bundle, displayId: string): void {
  write(bundle, displayId, true);
}

/** By these names MathJax, which pages made of notebooks may have, leaves alone what lies between two dollars. */
const NO_MATH = "mathjax_ignore tex2jax_ignore";

function write(bundle: Bundle, displayId: string | undefined, update: boolean, metadata: object = {}): void {
  const toKernel = kernel();
  const html = bundle["text/html"];
  const data = {
    ...bundle,
    "text/plain": printable(bundle["text/plain"]),
    ...(html !== undefined && { "text/html": `<div class="${NO_MATH}">${html}</div>` }),
  };
  if (toKernel) toKernel({ data, metadata, transient: displayId ? { display_id: displayId } : {} }, update);
  else console.log(data["text/plain"]);
}
