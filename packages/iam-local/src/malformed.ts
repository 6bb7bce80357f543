/** IAM's word for a document that is no policy. The message is IAM's where its words are known. */
export class MalformedPolicyDocument extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedPolicyDocument";
  }
}
