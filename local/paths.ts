import { join } from "node:path";

/** The checkout: this file runs as `dist/local/paths.js`. */
export const ROOT: string = join(__dirname, "..", "..");

/** What `setup.mjs` has put in place. */
export const PYTHON: string = join(ROOT, ".venv", "bin", "python");
export const CASSANDRA_JARS: string = join(ROOT, ".cache", "cassandra");

export const NOTEBOOK: string = join(ROOT, "notebooks", "customer_segmentation.ipynb");
