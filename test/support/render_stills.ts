import type { Figure } from "@keyspaces-segmentation/notebook-charts/dist/figure.js";
import { drawSvg, renderStill } from "@keyspaces-segmentation/notebook-charts/dist/still/still.js";

/**
 * Reads figures as JSON, writes their stills or the errors: PNG in base64, or SVG if the first argument is "svg".
 * Jest on Node 20 cannot load jsdom.
 */
async function main(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const figures = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Figure[];
  const stills: { png?: string; svg?: string; error?: string }[] = [];
  for (const figure of figures) {
    try {
      stills.push(
        process.argv[2] === "svg"
          ? { svg: await drawSvg(figure) }
          : { png: Buffer.from(await renderStill(figure)).toString("base64") },
      );
    } catch (error) {
      stills.push({ error: String(error) });
    }
  }
  process.stdout.write(JSON.stringify(stills));
}

void main();
