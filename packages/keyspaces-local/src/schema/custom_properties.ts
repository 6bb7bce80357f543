import type { Literal, LiteralMap } from "../cql/properties.js";
import { invalid } from "../protocol/refusal.js";

/** A table's CUSTOM_PROPERTIES: property to setting to value, as system_schema_mcs.tables shows them. */
export type CustomProperties = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What a table has that says nothing. */
export const defaultCustomProperties: CustomProperties = new Map([
  ["capacity_mode", new Map([["throughput_mode", "PAY_PER_REQUEST"]])],
  ["encryption_specification", new Map([["encryption_type", "AWS_OWNED_KMS_KEY"]])],
  ["point_in_time_recovery", new Map([["status", "disabled"]])],
]);

/** What the records of a stream have of a row. */
export const viewOf = (properties: CustomProperties): string =>
  properties.get("cdc_specification")?.get("view_type") ?? "NEW_AND_OLD_IMAGES";

/** With what the service shows of the table's stream. @param arn the stream's */
export function withStreamShown(properties: CustomProperties, arn: string): CustomProperties {
  const specification = new Map(properties.get("cdc_specification"));
  specification.set("latest_stream_arn", arn);
  specification.set("status", "ENABLED");
  return new Map([...properties, ["cdc_specification", specification]]);
}

/** What the service shows besides: since when a table pays per request. */
const PAID_SINCE = "last_update_to_pay_per_request_timestamp";

/** Takes note of the time at which a table goes over to paying per request. */
export function withPayingSince(properties: CustomProperties, now: Date): CustomProperties {
  const mode = properties.get("capacity_mode");
  if (mode?.get("throughput_mode") !== "PAY_PER_REQUEST" || mode.has(PAID_SINCE)) return properties;
  return new Map([...properties, ["capacity_mode", new Map([...mode, [PAID_SINCE, String(now.getTime())]])]]);
}

/** What the service shows besides: from when on a table could be restored, in ISO 8601. */
const RESTORABLE_SINCE = "earliest_restorable_timestamp";

/** @param before those of the table until now; what is on stays on from when it was turned on */
export function withRestorableSince(
  properties: CustomProperties,
  before: CustomProperties,
  now: Date,
): CustomProperties {
  const recovery = properties.get("point_in_time_recovery");
  if (recovery?.get("status") !== "enabled") return properties;
  const since = before.get("point_in_time_recovery")?.get(RESTORABLE_SINCE) ?? now.toISOString();
  return new Map([...properties, ["point_in_time_recovery", new Map([...recovery, [RESTORABLE_SINCE, since]])]]);
}

/** Undefined for a table without point-in-time recovery, or of an earlier gateway. */
export function restorableSince(properties: CustomProperties): Date | undefined {
  const time = properties.get("point_in_time_recovery")?.get(RESTORABLE_SINCE);
  return time === undefined ? undefined : new Date(time);
}

/** Undefined for a table that has been provisioned, or was made by an earlier gateway. */
export function payingSince(properties: CustomProperties): Date | undefined {
  const time = properties.get("capacity_mode")?.get(PAID_SINCE);
  return time === undefined ? undefined : new Date(Number(time));
}

type Check = (settings: ReadonlyMap<string, string>, property: string) => void;

const allow = (settings: ReadonlyMap<string, string>, property: string, allowed: readonly string[]): void => {
  for (const setting of settings.keys()) {
    if (!allowed.includes(setting)) {
      throw invalid(`Unknown setting ${setting} of custom property ${property}`, "KL-PROPERTY");
    }
  }
};

const oneOf =
  (setting: string, ...values: string[]): Check =>
  (settings, property) => {
    allow(settings, property, [setting]);
    const value = settings.get(setting) ?? "";
    if (!values.includes(value)) {
      const allowed = values.join(", ");
      throw invalid(
        `Custom property ${property} needs ${setting} to be one of ${allowed}, got '${value}'`,
        "KL-PROPERTY",
      );
    }
  };

const capacityMode: Check = (settings, property) => {
  const units = ["read_capacity_units", "write_capacity_units"];
  allow(settings, property, ["throughput_mode", ...units]);
  const provisioned = settings.get("throughput_mode") === "PROVISIONED";
  const rest = new Map([...settings].filter(([setting]) => setting === "throughput_mode"));
  oneOf("throughput_mode", "PAY_PER_REQUEST", "PROVISIONED")(rest, property);
  for (const unit of units) {
    const given = settings.get(unit);
    if (provisioned ? !/^[1-9]\d*$/.test(given ?? "") : given !== undefined) {
      const text = `Custom property ${property} needs a positive ${unit} if and only if it is PROVISIONED`;
      throw invalid(text, "KL-PROPERTY");
    }
  }
};

const encryption: Check = (settings, property) => {
  allow(settings, property, ["encryption_type", "kms_key_identifier"]);
  const type = new Map([["encryption_type", settings.get("encryption_type") ?? ""]]);
  oneOf("encryption_type", "AWS_OWNED_KMS_KEY", "CUSTOMER_MANAGED_KMS_KEY")(type, property);
  if ((type.get("encryption_type") === "CUSTOMER_MANAGED_KMS_KEY") !== settings.has("kms_key_identifier")) {
    throw invalid(
      `Custom property ${property} needs a kms_key_identifier if and only if it is CUSTOMER_MANAGED_KMS_KEY`,
      "KL-PROPERTY",
    );
  }
};

const warmThroughput: Check = (settings, property) => {
  allow(settings, property, warmUnits);
  for (const unit of warmUnits) {
    const given = settings.get(unit);
    if (given !== undefined && !/^[1-9]\d{0,8}$/.test(given)) {
      throw invalid(`Custom property ${property} needs ${unit} to be 1 at least, got '${given}'`, "KL-WARM-THROUGHPUT");
    }
  }
};

const changeDataCapture: Check = (settings, property) => {
  allow(settings, property, ["view_type", "propagate_tags"]);
  const only = (setting: string) => new Map([...settings].filter(([name]) => name === setting));
  if (settings.has("view_type")) viewType(only("view_type"), property);
  if (settings.has("propagate_tags")) oneOf("propagate_tags", "TABLE", "NONE")(only("propagate_tags"), property);
};

/** The settings of warm_throughput. */
const warmUnits: readonly string[] = ["read_units_per_second", "write_units_per_second"];
const viewType = oneOf("view_type", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY");
const enabledOrDisabled = oneOf("status", "enabled", "disabled");

const checks: ReadonlyMap<string, Check> = new Map([
  ["capacity_mode", capacityMode],
  ["encryption_specification", encryption],
  ["point_in_time_recovery", enabledOrDisabled],
  ["ttl", enabledOrDisabled],
  ["client_side_timestamps", enabledOrDisabled],
  ["cdc_specification", changeDataCapture],
  ["warm_throughput", warmThroughput],
]);

/** @throws Refusal naming the property or setting that Keyspaces does not have */
export function readCustomProperties(literal: Literal): CustomProperties {
  const properties = new Map<string, ReadonlyMap<string, string>>();
  for (const [property, settings] of expectMap("CUSTOM_PROPERTIES", literal)) {
    const check = checks.get(property);
    if (!check) throw invalid(`Custom property ${property} is not supported`, "KL-PROPERTY");
    const texts = expectTexts(property, property === "cdc_specification" ? withoutTags(settings) : settings);
    check(texts, property);
    properties.set(property, texts);
  }
  return properties;
}

/** Those of a stream are no setting of it. */
const withoutTags = (settings: Literal): Literal =>
  typeof settings === "string" ? settings : new Map([...settings].filter(([setting]) => setting !== "tags"));

/** The tags that CUSTOM_PROPERTIES give the table's stream. */
export function readStreamTags(customProperties: Literal): ReadonlyMap<string, string> {
  const settings = expectMap("CUSTOM_PROPERTIES", customProperties).get("cdc_specification");
  const tags = settings === undefined || typeof settings === "string" ? undefined : settings.get("tags");
  return tags === undefined ? new Map() : readTags(tags);
}

/** @see https://docs.aws.amazon.com/keyspaces/latest/devguide/TaggingRestrictions.html */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** @throws Refusal for more or longer tags than the service takes */
export function readTags(literal: Literal): ReadonlyMap<string, string> {
  const tags = expectTexts("TAGS", literal);
  if (tags.size > 60) throw invalid("A resource can have at most 60 tags", "KL-TAGS");
  for (const [key, value] of tags) {
    if (key.length < 1 || key.length > 128) throw invalid("The key of a tag has 1 to 128 characters", "KL-TAGS");
    if (value.length < 1 || value.length > 256) throw invalid("The value of a tag has 1 to 256 characters", "KL-TAGS");
    if (![key, value].every((text) => tagText.test(text))) {
      throw invalid(
        `A tag has letters, digits, white space and + - = . _ : / @ only, got '${key}': '${value}'`,
        "KL-TAGS",
      );
    }
    if (key.startsWith("aws:"))
      throw invalid(`Keys of tags that begin with aws: are reserved, got '${key}'`, "KL-TAGS");
  }
  return tags;
}

/** @throws Refusal for what is no map */
export function expectMap(name: string, literal: Literal): LiteralMap {
  if (typeof literal === "string") throw invalid(`${name} needs a map, got '${literal}'`, "KL-PROPERTY");
  return literal;
}

function expectTexts(name: string, literal: Literal): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of expectMap(name, literal)) {
    if (typeof value !== "string") throw invalid(`${name} needs a text for ${key}, got a map`, "KL-PROPERTY");
    texts.set(key, value);
  }
  return texts;
}
