import { StepError } from "@keyspaces-segmentation/common";
import { type Decision, isOpen, type OpenQuestion } from "@keyspaces-segmentation/table-files";

/** A file leaves open what a parameter settles. */
export class UndecidedError extends StepError {
  readonly question: OpenQuestion;
  constructor(question: OpenQuestion) {
    const choices = question.choices
      .map(({ value, reads }) => (reads.length === 0 ? value : `${value} reads ${reads.join(", ")}`))
      .join("; ");
    const hint =
      choices === ""
        ? `Mend the file, or set the parameter \`${question.parameter}\`: lines that do not fit it are rejected.`
        : `Set the parameter \`${question.parameter}\`: ${choices}.`;
    super({
      tried: "tell how the file is meant",
      got: question.got,
      hint,
    });
    this.question = question;
  }
}

/** @throws UndecidedError for an open question */
export function decided<T>(answer: Decision<T> | OpenQuestion): Decision<T> {
  if (isOpen(answer)) throw new UndecidedError(answer);
  return answer;
}
