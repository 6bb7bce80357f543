export { onAbort, ownSignal, pause } from "./abort.js";
export { aloneIn } from "./alone_in.js";
export { runCommand } from "./command.js";
export { forEachConcurrently } from "./concurrency.js";
export { csvField, guardedField, unguarded } from "./csv_field.js";
export {
  type Decimal,
  DecimalSum,
  formatDecimal,
  parseDecimal,
  productScale,
  timesDecimal,
  toNumber,
  truncateDecimal,
  type Units,
  withoutTrailingZeros,
} from "./decimal.js";
export { ArgumentError, detailsOfLastError, messageOf, requireInteger, StepError, type StepFailure } from "./errors.js";
export type { Exact } from "./exact.js";
export { fnv1a } from "./fnv1a.js";
export { formatNumber, formatPlural, formatShare, pluralForm, printable } from "./formats.js";
export { type Money, moneyOf, toCoins } from "./money.js";
export {
  amount,
  calendarDay,
  currencyCode,
  cuts,
  matching,
  oneOf,
  optional,
  type ParameterReader,
  wholeNumber,
  yesOrNo,
} from "./parameter_readers.js";
export { type ParameterReaders, type ParameterSource, readParameters } from "./parameters.js";
export { type PutAside, putAside } from "./put_aside.js";
export { Recurring } from "./recurring.js";
export { shellWord } from "./shell_word.js";
export { sortInPlace, sortNumbers } from "./sort_numbers.js";
export { type Attempt, type Look, repeat, waitUntil, within } from "./wait.js";
export { writeFailure, writeWhole } from "./whole_file.js";
