import { ArgumentError } from "@keyspaces-segmentation/common";

const HIBERNATING = "Hibernating";
const AT_RISK = "At Risk";
const CANT_LOSE = "Can't Lose";
const ABOUT_TO_SLEEP = "About to Sleep";
const NEED_ATTENTION = "Need Attention";
const LOYAL = "Loyal Customers";
const PROMISING = "Promising";
const NEW = "New Customers";
const POTENTIAL = "Potential Loyalists";
const CHAMPIONS = "Champions";

/** Row: recency score 1–5; column: frequency score 1–5. */
const SEGMENTS = [
  [HIBERNATING, HIBERNATING, AT_RISK, AT_RISK, CANT_LOSE],
  [HIBERNATING, HIBERNATING, AT_RISK, AT_RISK, CANT_LOSE],
  [ABOUT_TO_SLEEP, ABOUT_TO_SLEEP, NEED_ATTENTION, LOYAL, LOYAL],
  [PROMISING, POTENTIAL, POTENTIAL, LOYAL, LOYAL],
  [NEW, POTENTIAL, POTENTIAL, CHAMPIONS, CHAMPIONS],
] as const;

/**
 * The name of the segment that a customer's scores put them in: the ten of the original walkthrough
 * (amazon-sagemaker-examples, SageMaker_Keyspaces_ml_example.ipynb), which leave the monetary score out.
 *
 * @param r recency score 1–5, 5 the most recent
 * @param f frequency score 1–5, 5 the most frequent
 * @throws ArgumentError for a score that is not a whole number from 1 to 5
 */
export function segmentOf(r: number, f: number): string {
  const row = SEGMENTS[r - 1];
  if (row === undefined) throw new ArgumentError("r", "an integer from 1 to 5", r);
  const segment = row[f - 1];
  if (segment === undefined) throw new ArgumentError("f", "an integer from 1 to 5", f);
  return segment;
}
