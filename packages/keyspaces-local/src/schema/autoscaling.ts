import type { Literal } from "../cql/properties.js";
import { invalid } from "../protocol/refusal.js";
import { expectMap } from "./custom_properties.js";

const directions = ["provisioned_read_capacity_autoscaling_update", "provisioned_write_capacity_autoscaling_update"];

/** Each direction's settings, as JSON text: kept to be shown, nothing scales here. */
export function readAutoscaling(literal: Literal): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [direction, value] of expectMap("AUTOSCALING_SETTINGS", literal)) {
    if (!directions.includes(direction))
      throw invalid(`Unknown setting ${direction} of AUTOSCALING_SETTINGS`, "KL-AUTOSCALING");
    const target = Number(find(value, "target_value") ?? 70);
    // The guide says 20; the service takes 10, and says so.
    if (!(target >= 10 && target <= 90))
      throw invalid(`'target_value' must be value between 10 to 90, got '${target}'`, "KL-AUTOSCALING");
    if (Number(find(value, "minimum_units") ?? 1) > Number(find(value, "maximum_units") ?? Number.POSITIVE_INFINITY))
      throw invalid("maximum_units can not be less than minimum_units", "KL-AUTOSCALING");
    settings.set(direction, JSON.stringify(shownAs(value)));
  }
  return settings;
}

function find(literal: Literal, wanted: string): string | undefined {
  if (typeof literal === "string") return undefined;
  for (const [key, value] of literal) {
    const found = key === wanted && typeof value === "string" ? value : find(value, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

const POLICY = "target_tracking_scaling_policy_configuration";
/** What the guide names as the defaults of a policy. */
const policyDefaults = { disable_scale_in: false, scale_in_cooldown: 0, scale_out_cooldown: 0 };

/** As system_schema_mcs.autoscaling shows settings: numbers and truth values as such, defaults beside what is given. */
function shownAs(literal: Literal, name = ""): unknown {
  if (typeof literal === "string") {
    if (/^-?\d+(\.\d+)?$/.test(literal)) return Number(literal);
    return /^(true|false)$/i.test(literal) ? literal.toLowerCase() === "true" : literal;
  }
  const members = [...literal].map(([key, value]) => [key, shownAs(value, key)] as const);
  return Object.fromEntries([...(name === POLICY ? Object.entries(policyDefaults) : []), ...members]);
}
