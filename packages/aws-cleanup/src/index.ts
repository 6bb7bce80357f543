export { type Account, type Cleaning, cleanAccount } from "./clean_account.js";
export { cleanUp } from "./clean_up.js";
export { cleanupOptions, cleanupUsage } from "./options.js";
export type { Cleaned, Row } from "./rows.js";
