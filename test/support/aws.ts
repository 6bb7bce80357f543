/** A running AWS front with moto behind it, and the real SDK clients pointed at it. */
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { STSClient } from "@aws-sdk/client-sts";
import { type AwsFront, startAwsFront } from "@keyspaces-segmentation/aws-local";
import { type Asked, type Authoriser, createAuthoriser } from "@keyspaces-segmentation/iam-local";
import { type Identity, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { borrowMoto } from "./borrow.js";
import { checkAnswers } from "./check_answers.js";

export const region = "eu-west-1";

export interface ClientSettings {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
  systemClockOffset?: number;
}

export interface RunningAws {
  front: AwsFront;
  moto: { port: number };
  /** Decides what those may do whose permissions are policies, where there are such. */
  authoriser: Authoriser | undefined;
  /** Who may sign requests: those below, and the sessions of roles that STS has handed out. */
  identities: Identity[];
  /** May do everything. */
  identity: Identity;
  /** Is known, and may do nothing. */
  stranger: Identity;
  /** May do everything, but its time is over. */
  expired: Identity;
  settings(identity?: Identity, more?: Partial<ClientSettings>): ClientSettings;
  s3: S3Client;
  sts: STSClient;
  iam: IAMClient;
  sageMaker: SageMakerClient;
  stop(): Promise<void>;
}

export interface PolicyOptions {
  readonly withPolicies?: boolean;
  /** Further identities. */
  readonly others?: readonly Identity[];
  readonly onDecision?: (asked: Asked) => void;
}

/** @param options.withPolicies whether what others may do is what IAM's policies say */
export async function startAws(
  trainingPace: number | (() => number) = 20,
  { withPolicies = false, others = [], onDecision }: PolicyOptions = {},
): Promise<RunningAws> {
  const moto = { port: await borrowMoto() };
  const identity = temporaryIdentity();
  const stranger = temporaryIdentity("none");
  const expired = { ...temporaryIdentity(), expires: new Date(0) };
  const identities = [identity, stranger, expired, ...others];
  const authoriser = withPolicies ? createAuthoriser({ region, now: () => new Date(), onDecision }) : undefined;
  const front = await startAwsFront({ region, identities, moto, trainingPace, authoriser });
  const settings: RunningAws["settings"] = ({ accessKeyId, secretAccessKey, sessionToken } = identity, more = {}) => ({
    region,
    endpoint: front.url,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    maxAttempts: 1,
    ...more,
  });
  const clients = {
    s3: new S3Client(settings()),
    sts: new STSClient(settings()),
    iam: new IAMClient(settings()),
    sageMaker: new SageMakerClient(settings()),
  };
  checkAnswers(clients.sageMaker);
  return {
    front,
    moto,
    authoriser,
    identities,
    identity,
    stranger,
    expired,
    settings,
    ...clients,
    async stop() {
      for (const client of Object.values(clients)) client.destroy();
      await front.close();
    },
  };
}
