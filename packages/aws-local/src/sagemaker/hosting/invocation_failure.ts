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
