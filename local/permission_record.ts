import { writeFileSync } from "node:fs";
import type { Asked } from "@keyspaces-segmentation/iam-local";

/** A permission that a run has asked for: who, what, and in which step first. */
export interface UsedPermission {
  readonly step: string;
  /** The role whose session it was. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly values: Readonly<Record<string, string | readonly string[]>>;
}

export interface PermissionRecord {
  readonly onDecision: (asked: Asked) => void;
  /** Ends a step: what was asked since the last one ended was asked in it. */
  endStep(step: string): void;
  /** Writes what was used, in the order in which it was, as JSON. */
  write(file: string): void;
}

/** Keeps in mind which permissions are used, each once a step. */
export function createPermissionRecord(): PermissionRecord {
  const used: UsedPermission[] = [];
  const seen = new Set<string>();
  let open: Omit<UsedPermission, "step">[] = [];
  return {
    onDecision({ caller, request }) {
      if (caller.permissions !== "policies") return;
      const [, role = caller.arn] = /:assumed-role\/([^/]+)\//.exec(caller.arn) ?? [];
      const { action, resource } = request;
      const values = Object.fromEntries(request.values);
      const key = JSON.stringify([role, action, resource, values]);
      if (seen.has(key)) return;
      seen.add(key);
      open.push({ role, action, resource, values });
    },
    endStep(step) {
      for (const permission of open) used.push({ step, ...permission });
      open = [];
      seen.clear();
    },
    write(file) {
      writeFileSync(file, JSON.stringify(used, null, 1));
    },
  };
}
