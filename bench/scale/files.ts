/** Of each customer in *Online Retail*: 541,909 lines of 4,372 customers. */
const LINES_A_CUSTOMER = 124;

/**
 * Of how many customers files of different lengths are: of the same, as what grows with customers is measured apart, and of no more than the
 * shortest has lines for. Of more, its invoices would be the shorter, and so more by the line, each a request of its own.
 *
 * @param lengths lines of each file
 */
export function customersOfFiles(lengths: readonly number[]): number {
  return Math.max(1, Math.floor(Math.min(...lengths) / LINES_A_CUSTOMER));
}
