import { printable } from "@keyspaces-segmentation/common";

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML shows it literally, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

/**
 * An address as an attribute of HTML; undefined for one that a click would run instead of opening it, such as `javascript:…`. What has
 * no scheme leads to a file beside the page.
 */
export function escapeHref(address: string): string | undefined {
  // Browsers overlook white space and control characters in a scheme.
  const [, scheme] = /^([^/?#:]*):/.exec(address.replace(/[\s\p{Cc}]/gu, "")) ?? [];
  return scheme === undefined || /^(https?|mailto)$/i.test(scheme) ? escapeHtml(address) : undefined;
}

/** A value as a JavaScript literal that cannot end the `<script>` around it, whatever strings it holds. */
export function scriptLiteral(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
