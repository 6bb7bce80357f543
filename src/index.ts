export { ArgumentError, StepError } from "./errors.js";
