import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ROOT } from "../../paths.js";

interface Reference {
  readonly shape: string;
}

/** A type of the service model, as far as requests are checked against it. */
export interface Shape {
  readonly type:
    | "string"
    | "structure"
    | "list"
    | "map"
    | "boolean"
    | "integer"
    | "long"
    | "float"
    | "double"
    | "timestamp"
    | "blob";
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Of a structure. */
  readonly members?: Readonly<Record<string, Reference>>;
  readonly required?: readonly string[];
  /** A structure with exactly one member. */
  readonly union?: boolean;
  /** Of a list. */
  readonly member?: Reference;
  /** Of a map. */
  readonly key?: Reference;
  readonly value?: Reference;
}

/** AWS's own description of a service: what every SDK is generated from. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, { readonly input?: Reference; readonly output?: Reference }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/**
 * Reads a service model from botocore, which came with moto.
 *
 * @throws Error when the checkout's Python environment is not there or has no botocore
 */
export function loadServiceModel(service: string, version: string): ServiceModel {
  const libraries = join(ROOT, ".venv", "lib");
  const python = readdirSync(libraries).find((name) => name.startsWith("python3")) ?? "python3";
  const data = join(libraries, python, "site-packages", "botocore", "data");
  return JSON.parse(gunzipSync(readFileSync(join(data, service, version, "service-2.json.gz"))).toString("utf8"));
}
