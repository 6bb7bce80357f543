export { mapColumns } from "./map_columns.js";
