export { type Choice, type Decision, isOpen, type OpenQuestion } from "./decision.js";
export type { TableRecord } from "./record.js";
