import { join } from "node:path";

/** Where the real data set lies, if it is there. */
export const realFile: string =
  process.env.RETAIL_DATA ?? join(__dirname, "../../../../shared/data/online_retail_II_2009-2010.csv");

/** At the end of the name of a test that was skipped because it is not. */
export const WITHOUT_REAL_DATA = " [no real data]";

/** The same for the files of many kinds that people have. */
export const WITHOUT_CASES = " [no cases]";
