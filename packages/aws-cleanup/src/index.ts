export { type Account, type Cleaning, cleanAccount } from "./clean_account.js";
export { type Cleaned, cleanUp } from "./clean_up.js";
export { cleanupOptions, cleanupUsage } from "./options.js";
export type { Row } from "./rows.js";
