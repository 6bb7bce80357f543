export type { Check, Statement } from "./check.js";
export { type Examination, type ExamineOptions, examine } from "./examine.js";
export type { Needs } from "./needs.js";
export { reportText } from "./report.js";
