export { onAbort, ownSignal, pause } from "./abort.js";
export { forEachConcurrently } from "./concurrency.js";
export { ArgumentError, detailsOfLastError, messageOf, requireInteger, StepError } from "./errors.js";
export type { Exact } from "./exact.js";
export { CURRENCY, formatMoney, formatNumber, formatPennies, formatPlural, formatShare } from "./formats.js";
export { calendarDay, cuts, matching, oneOf, optional, type ParameterReader, wholeNumber, yesOrNo } from "./parameter_readers.js";
export { printable } from "./printable.js";
export { type Look, waitUntil, within } from "./wait.js";
export { writeFailure, writeWhole } from "./whole_file.js";
