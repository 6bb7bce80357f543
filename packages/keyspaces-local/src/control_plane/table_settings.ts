import { type Literal, type LiteralMap, textLiteral } from "../cql/properties.js";
import { fault } from "./errors.js";
import type { Tag } from "./tag_list.js";

interface AutoScalingSettings {
  readonly autoScalingDisabled?: boolean;
  readonly minimumUnits?: number;
  readonly maximumUnits?: number;
  readonly scalingPolicy?: {
    readonly targetTrackingScalingPolicyConfiguration?: {
      readonly disableScaleIn?: boolean;
      readonly scaleInCooldown?: number;
      readonly scaleOutCooldown?: number;
      readonly targetValue: number;
    };
  };
}

/** The settings that CreateTable and UpdateTable have in common. */
export interface TableSettings {
  readonly capacitySpecification?: {
    readonly throughputMode: string;
    readonly readCapacityUnits?: number;
    readonly writeCapacityUnits?: number;
  };
  readonly encryptionSpecification?: { readonly type: string; readonly kmsKeyIdentifier?: string };
  readonly pointInTimeRecovery?: { readonly status: string };
  readonly ttl?: { readonly status: string };
  readonly defaultTimeToLive?: number;
  readonly clientSideTimestamps?: { readonly status: string };
  readonly cdcSpecification?: {
    readonly status: string;
    readonly viewType?: string;
    readonly propagateTags?: string;
    readonly tags?: readonly Tag[];
  };
  readonly warmThroughputSpecification?: {
    readonly readUnitsPerSecond?: number;
    readonly writeUnitsPerSecond?: number;
  };
  readonly autoScalingSpecification?: {
    readonly readCapacityAutoScaling?: AutoScalingSettings;
    readonly writeCapacityAutoScaling?: AutoScalingSettings;
  };
}

/** The entries that have a value. */
function mapOf(entries: Readonly<Record<string, Literal | number | boolean | undefined>>): LiteralMap {
  const map = new Map<string, Literal>();
  for (const [key, value] of Object.entries(entries)) {
    if (value !== undefined) map.set(key, typeof value === "object" ? value : String(value));
  }
  return map;
}

const status = (given: { readonly status: string } | undefined): LiteralMap | undefined =>
  given && mapOf({ status: given.status.toLowerCase() });

function scaling(settings: AutoScalingSettings | undefined): LiteralMap | undefined {
  if (!settings) return undefined;
  const policy = settings.scalingPolicy?.targetTrackingScalingPolicyConfiguration;
  const target =
    policy &&
    mapOf({
      target_value: policy.targetValue,
      disable_scale_in: policy.disableScaleIn,
      scale_in_cooldown: policy.scaleInCooldown,
      scale_out_cooldown: policy.scaleOutCooldown,
    });
  return mapOf({
    autoscaling_disabled: settings.autoScalingDisabled,
    minimum_units: settings.minimumUnits,
    maximum_units: settings.maximumUnits,
    scaling_policy: target && mapOf({ target_tracking_scaling_policy_configuration: target }),
  });
}

function cdcText({ cdcSpecification: cdc }: TableSettings): string | undefined {
  if (!cdc) return undefined;
  if (!["ENABLED", "DISABLED"].includes(cdc.status)) {
    throw fault("ValidationException", `The status of a cdcSpecification is ENABLED or DISABLED, got ${cdc.status}`);
  }
  return `cdc = ${cdc.status === "ENABLED" ? "TRUE" : "FALSE"}`;
}

/** The settings as the options of a WITH clause. */
export function optionsOf(settings: TableSettings): string[] {
  const { capacitySpecification: capacity, encryptionSpecification: encryption, cdcSpecification: cdc } = settings;
  const warm = settings.warmThroughputSpecification;
  const tags = cdc?.tags && new Map(cdc.tags.map(({ key, value }) => [key, value]));
  const properties = mapOf({
    capacity_mode:
      capacity &&
      mapOf({
        throughput_mode: capacity.throughputMode,
        read_capacity_units: capacity.readCapacityUnits,
        write_capacity_units: capacity.writeCapacityUnits,
      }),
    encryption_specification:
      encryption && mapOf({ encryption_type: encryption.type, kms_key_identifier: encryption.kmsKeyIdentifier }),
    point_in_time_recovery: status(settings.pointInTimeRecovery),
    ttl: status(settings.ttl),
    client_side_timestamps: status(settings.clientSideTimestamps),
    cdc_specification:
      cdc?.status === "ENABLED"
        ? mapOf({ view_type: cdc.viewType, propagate_tags: cdc.propagateTags, tags })
        : undefined,
    warm_throughput:
      warm &&
      mapOf({ read_units_per_second: warm.readUnitsPerSecond, write_units_per_second: warm.writeUnitsPerSecond }),
  });
  const autoscaling = mapOf({
    provisioned_read_capacity_autoscaling_update: scaling(settings.autoScalingSpecification?.readCapacityAutoScaling),
    provisioned_write_capacity_autoscaling_update: scaling(settings.autoScalingSpecification?.writeCapacityAutoScaling),
  });
  return [
    settings.defaultTimeToLive === undefined ? undefined : `default_time_to_live = ${settings.defaultTimeToLive}`,
    cdcText(settings),
    properties.size > 0 ? `CUSTOM_PROPERTIES = ${textLiteral(properties)}` : undefined,
    autoscaling.size > 0 ? `AUTOSCALING_SETTINGS = ${textLiteral(autoscaling)}` : undefined,
  ].filter((option) => option !== undefined);
}
