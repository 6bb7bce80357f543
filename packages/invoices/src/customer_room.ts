import { formatNumber, StepError } from "@keyspaces-segmentation/common";

/** Of JavaScript's heap, what a customer takes where a run is at its largest, and what everything else does: measured, see `bench/README.md`. */
const CUSTOMER_BYTES = 750;
const OTHER_BYTES = 400 * 2 ** 20;
/** So many fit into any heap in which a notebook runs at all. */
const FEWEST_CUSTOMERS = 100_000;
/** What a Map has at most. */
const MOST_CUSTOMERS = 2 ** 24;

/** For how many customers there is room. */
export interface CustomerRoom {
  readonly customers: number;
  /** What JavaScript's heap may take in this process. */
  readonly heapBytes: number;
}

/** How many customers fit into a heap. */
export function roomIn(heapBytes: number): CustomerRoom {
  const customers = Math.max(FEWEST_CUSTOMERS, Math.floor((heapBytes - OTHER_BYTES) / CUSTOMER_BYTES));
  return { customers: Math.min(customers, MOST_CUSTOMERS), heapBytes };
}

/** More customers than there is room for: without a word a process that goes on would be ended half way, and what it has found be lost. */
export function tooManyCustomers({ customers, heapBytes }: CustomerRoom): StepError {
  const tried = "add up the lines of each customer";
  const spark = 'set the parameter engine: "spark", which needs no memory for customers here';
  if (customers >= MOST_CUSTOMERS) {
    const got = `there are more than ${formatNumber(customers)} customers, which are as many as one process of Node can tell apart`;
    return new StepError({ tried, got, hint: `Instead, ${spark}.` });
  }
  const gigabyte = Math.ceil((CUSTOMER_BYTES * 1e6) / 2 ** 20 / 100) / 10;
  return new StepError({
    tried,
    got: `there are more than ${formatNumber(customers)} customers, for whom the ${formatNumber(heapBytes / 2 ** 30, 1)} GB that Node may take here are enough`,
    hint:
      `Give Node ${formatNumber(gigabyte, 1)} GB for each million customers and 1 GB besides, as far as the machine has it, for example by NODE_OPTIONS=--max-old-space-size=8000 ` +
      `in the environment that starts this or its Jupyter (in MB), and start anew: what is loaded stays. Or ${spark}.`,
  });
}
