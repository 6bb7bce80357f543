import { detailsOfLastError } from "@keyspaces-segmentation/common";
import { show } from "./display.js";

/** Shows all that is known of the last failure, for whom its line or two do not suffice: the stack, and what caused it. */
export function explainLastError(): void {
  show({ "text/plain": detailsOfLastError() ?? "No cell has failed." });
}
