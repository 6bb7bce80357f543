import { readFileSync } from "node:fs";
import { join } from "node:path";

/** An action as AWS's service authorization reference has it. */
export interface ServiceAction {
  readonly level: string;
  /** The types of resource that it can be allowed on, and whether one of that type has to be named; none: only `*`. */
  readonly resources: Readonly<Record<string, boolean>>;
  readonly keys: readonly string[];
}

interface Service {
  readonly actions: Readonly<Record<string, ServiceAction>>;
  readonly resources: Readonly<Record<string, { readonly arn: string; readonly keys: readonly string[] }>>;
  readonly keys: Readonly<Record<string, string>>;
}

interface ServiceAuthorization {
  readonly source: string;
  readonly date: string;
  readonly services: Readonly<Record<string, Service>>;
}

const data = JSON.parse(
  readFileSync(join(__dirname, "..", "data", "service_authorization.json"), "utf8"),
) as ServiceAuthorization;

const actions = new Map<string, ServiceAction>();
for (const [service, { actions: all }] of Object.entries(data.services)) {
  for (const [name, action] of Object.entries(all)) actions.set(`${service}:${name}`.toLowerCase(), action);
}

/** What AWS says of an action, such as `s3:GetObject`, in any case; undefined for one that is not in the data of this package. */
export function actionNamed(name: string): ServiceAction | undefined {
  return actions.get(name.toLowerCase());
}

/** The names of all actions in the data: `s3:GetObject`. */
export function actionNames(): string[] {
  return Object.entries(data.services).flatMap(([service, { actions: all }]) =>
    Object.keys(all).map((name) => `${service}:${name}`),
  );
}

/** Every key that some action in the data can be put under conditions with. */
export function conditionKeysOf(): string[] {
  return Object.values(data.services).flatMap(({ keys }) => Object.keys(keys));
}
