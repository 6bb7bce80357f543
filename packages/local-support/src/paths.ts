import { join } from "node:path";

/** The checkout: this file runs as `packages/local-support/dist/paths.js`. */
export const ROOT: string = join(__dirname, "..", "..", "..");

/** What `setup.mjs` has put in place. */
export const PYTHON: string = join(ROOT, ".venv", "bin", "python");
/** Spark's Python environment; not there unless it was asked for. */
export const SPARK: string = join(ROOT, ".cache", "spark");
export const CASSANDRA_JARS: string = join(ROOT, ".cache", "cassandra");

/** Where a stack works, and where kept tables wait for the next one. */
export const LOCAL: string = process.env.LOCAL_STACK_DIRECTORY ?? join(ROOT, ".local");

export const NOTEBOOK: string = join(ROOT, "notebooks", "customer_segmentation.ipynb");
