/** What the stack writes is its user's alone: credentials, keys, and data that may be a shop's customers. */
export const PRIVATE_FOLDER = 0o700;
export const PRIVATE_FILE = 0o600;

/** Calls `make`, which must not wait for anything; what it and the processes that it starts write can be read by nobody else. */
export function privately<T>(make: () => T): T {
  const before = process.umask(0o077);
  try {
    return make();
  } finally {
    process.umask(before);
  }
}
