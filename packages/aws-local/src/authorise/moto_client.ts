import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { askKms } from "./moto_kms.js";

/** Clients that ask moto past the front, for what decisions are made of. */
export interface MotoClients {
  readonly iam: IAMClient;
  readonly s3: S3Client;
  /** An operation of KMS. @returns the answer; undefined where moto has refused */
  kms(operation: string, request: object): Promise<Readonly<Record<string, unknown>> | undefined>;
  close(): void;
}

/** @param port moto's */
export function motoClients(region: string, port: number): MotoClients {
  const endpoint = `http://127.0.0.1:${port}`;
  const settings = { region, endpoint, credentials: { accessKeyId: "stand-in", secretAccessKey: "moto checks none" } };
  const iam = new IAMClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  return {
    iam,
    s3,
    kms: (operation, request) => askKms({ region, port }, operation, request),
    close() {
      iam.destroy();
      s3.destroy();
    },
  };
}
