/** One that runs, with all that a client needs. */
export interface KeyspacesLocal {
  readonly contactPoint: string;
  readonly port: number;
  /** For signatures; it is also the drivers' local data center. */
  readonly region: string;
  /** The certificate authority to trust, in PEM. */
  readonly caFile: string;
  /** Of the administrator, who may do everything. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The administrator's service-specific credentials, for drivers that do not sign. */
  readonly serviceCredentials: { readonly userName: string; readonly password: string };
  /** Where health, units and faults are: `GET /health`, `PUT /faults`. */
  readonly adminUrl: string;
  readonly dataDirectory: string;
  /** Settles only if Cassandra ends by itself, with an error that says how. */
  readonly failed: Promise<Error>;
  /** Ends it; safe to call twice. */
  stop(): Promise<void>;
}
