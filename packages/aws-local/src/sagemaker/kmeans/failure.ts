/** Why the container gave up; becomes the job's FailureReason. `ClientError`: the user's doing. */
export class ContainerFailure extends Error {
  readonly kind: "ClientError" | "AlgorithmError";

  constructor(kind: "ClientError" | "AlgorithmError", message: string) {
    super(message);
    this.name = "ContainerFailure";
    this.kind = kind;
  }
}
