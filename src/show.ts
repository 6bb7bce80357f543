/** Results in the notebook: sentences, tables, DataFrames. */
export {
  explainLastError,
  markdown,
  showChecks as checks,
  showFrame as frame,
  showTable as table,
  toFrame,
  warn,
} from "@keyspaces-segmentation/notebook-charts";
export { showSettings as settings } from "./show_settings.js";
