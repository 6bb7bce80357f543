/** The ways in which the algorithm's container fails. */

/** Why the container gave up; becomes the job's FailureReason. `ClientError`: the user's doing. */
export class ContainerFailure extends Error {
  readonly kind: "ClientError" | "AlgorithmError";

  constructor(kind: "ClientError" | "AlgorithmError", message: string) {
    super(message);
    this.name = "ContainerFailure";
    this.kind = kind;
  }
}

/** What the container answers with an error status. */
export class InvocationFailure extends Error {
  override readonly name = "InvocationFailure";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The container's one answer to whatever it cannot read. */
export const unreadable = (): InvocationFailure => new InvocationFailure(400, "unable to evaluate payload provided");
