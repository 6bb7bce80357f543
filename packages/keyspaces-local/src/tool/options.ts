import {
  addressesKind,
  addressKind,
  choice,
  flagKind,
  hostNamesKind,
  type Kind,
  matching,
  pathKind,
  portKind,
  rateKind,
  wholeKind,
} from "./values.js";

/** All that can be set: as flags (`--data-directory`), in the environment (`KEYSPACES_LOCAL_DATA_DIRECTORY`), in a file (`dataDirectory`). */
export interface KeyspacesLocalOptions {
  readonly port: number;
  readonly address: string;
  readonly hostNames: readonly string[];
  readonly adminPort: number | undefined;
  readonly adminAddress: string;
  readonly dataDirectory: string;
  readonly reset: boolean;
  readonly region: string;
  readonly account: string;
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly users: string | undefined;
  readonly mode: "strict" | "lenient";
  readonly peers: readonly string[];
  readonly partitioner: "default" | "murmur3" | "random";
  readonly definitionMs: number;
  readonly tableReadUnits: number;
  readonly tableWriteUnits: number;
  readonly partitionReadUnits: number;
  readonly partitionWriteUnits: number;
  readonly requestsPerConnection: number;
  readonly heapMb: number;
  readonly jars: string | undefined;
}

export interface Declaration<T> {
  readonly kind: Kind<NonNullable<T>>;
  readonly standard: T;
  /** What it is for, on one line, and what stands in for a missing value where that is no constant. */
  readonly help: string;
}

type Declarations = { readonly [Name in keyof KeyspacesLocalOptions]: Declaration<KeyspacesLocalOptions[Name]> };

/** Every option, once: flags, variables, the file's names, the help and the README's table all come from here. */
export const declarations: Declarations = {
  port: { kind: portKind, standard: 9142, help: "for drivers; 0 takes a free one" },
  address: { kind: addressKind, standard: "127.0.0.1", help: "to listen on for drivers" },
  hostNames: { kind: hostNamesKind, standard: [], help: "further names and addresses in the certificate" },
  adminPort: {
    kind: portKind,
    standard: undefined,
    help: "for health, units and faults by HTTP (default: the one after --port, or a free one)",
  },
  adminAddress: { kind: addressKind, standard: "127.0.0.1", help: "to listen on for those" },
  dataDirectory: {
    kind: pathKind("DIR"),
    standard: ".keyspaces-local",
    help: "for tables, users, certificate and keys, which the next start finds there",
  },
  reset: { kind: flagKind, standard: false, help: "begin anew: what is kept there goes" },
  region: {
    kind: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "a Region, such as eu-west-1", "REGION"),
    standard: "us-east-1",
    help: "the Region that signatures are for, also the drivers' data center",
  },
  account: {
    kind: matching(/^\d{12}$/, "12 digits", "ID"),
    standard: "123456789012",
    help: "the account that keyspaces are of, in ARNs",
  },
  accessKeyId: {
    kind: matching(/^\w{16,128}$/, "16 to 128 letters and digits", "ID"),
    standard: undefined,
    help: "of the administrator (default: made at the first start, and kept)",
  },
  secretAccessKey: {
    kind: matching(/^[\x21-\x7e]{8,128}$/, "8 to 128 printable characters", "SECRET"),
    standard: undefined,
    help: "of the administrator (default: made at the first start, and kept)",
  },
  users: {
    kind: pathKind("FILE"),
    standard: undefined,
    help: "further users with their keys, passwords and policies, as JSON",
  },
  mode: {
    kind: choice("strict", "lenient"),
    standard: "strict",
    help: "strict: several hosts, empty pages, new tables that take little at first; lenient: none of the three. Also --strict, --lenient",
  },
  peers: {
    kind: addressesKind,
    standard: ["127.0.0.2", "127.0.0.3", "127.0.0.4"],
    help: "the hosts that system.peers shows in strict mode; those of the loopback interface are listened on",
  },
  partitioner: {
    kind: choice("default", "murmur3", "random"),
    standard: "default",
    help: "of the account; tables that are kept stay with theirs",
  },
  definitionMs: {
    kind: wholeKind(0, 3_600_000, "MS"),
    standard: 1500,
    help: "how long a table is CREATING, UPDATING or DELETING; a keyspace a third of it",
  },
  tableReadUnits: { kind: rateKind, standard: 40_000, help: "that an on-demand table gives a second, or unlimited" },
  tableWriteUnits: { kind: rateKind, standard: 40_000, help: "that an on-demand table takes a second, or unlimited" },
  partitionReadUnits: { kind: rateKind, standard: 3000, help: "that a partition gives a second, or unlimited" },
  partitionWriteUnits: { kind: rateKind, standard: 1000, help: "that a partition takes a second, or unlimited" },
  requestsPerConnection: { kind: rateKind, standard: 3000, help: "that are answered a second, or unlimited" },
  heapMb: { kind: wholeKind(256, 65_536, "MB"), standard: 1024, help: "of Cassandra's Java" },
  jars: {
    kind: pathKind("DIR"),
    standard: undefined,
    help: "with Cassandra's jars, filled where it is missing (default: in the user's cache)",
  },
};

export type OptionName = keyof KeyspacesLocalOptions;

export const optionNames: readonly OptionName[] = Object.keys(declarations) as OptionName[];

/** Those that are paths. */
export const pathOptions: ReadonlySet<OptionName> = new Set(["dataDirectory", "users", "jars"]);

const words = (name: string): string[] => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
export const flagOf = (name: string): string => words(name).join("-");
export const PREFIX = "KEYSPACES_LOCAL_";
export const variableOf = (name: string): string => PREFIX + words(name).join("_").toUpperCase();

/** The default as text; undefined where there is no constant one. */
export function standardOf<Name extends OptionName>(name: Name): string | undefined {
  const { kind, standard } = declarations[name] as Declaration<KeyspacesLocalOptions[Name]>;
  return standard === undefined ? undefined : kind.write(standard as NonNullable<KeyspacesLocalOptions[Name]>);
}
