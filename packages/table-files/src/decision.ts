/** What was decided about a file, and what speaks for it. */
export interface Decision<T> {
  readonly value: T;
  /** In words that a reader of the file can check: "109 values have a first number above 12". */
  readonly evidence: string;
  /** `given`: a parameter says so; `certain`: nothing else fits; `likely`: what else would fit is rarer. */
  readonly confidence: "given" | "certain" | "likely";
}

/** One way to read what a file leaves open. */
export interface Choice {
  /** The value of the parameter that chooses it. */
  readonly value: string;
  /** The first values of the file, at most three, as this choice reads them. */
  readonly reads: readonly string[];
}

/** What a file leaves open, and which parameter settles it. */
export interface OpenQuestion {
  /** `dateOrder`, `decimal`, `separator`, `encoding`, `columns`, `sheet`, `timeZone` or `currency`. */
  readonly parameter: string;
  /** What was seen: "all 39 dates have both numbers up to 12". */
  readonly got: string;
  readonly choices: readonly Choice[];
}

/** Whether the file has left it open. */
export function isOpen(of: object): of is OpenQuestion {
  return "parameter" in of && "choices" in of;
}
