import { partitionOf } from "@keyspaces-segmentation/aws-session";
import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import { type ModelToHost, requireModel } from "./hosting_request.js";
import { requireInstanceType, requireVolumeKmsKey } from "./rules.js";

/** Billed while it answers. */
interface ServerlessHosting {
  kind: "serverless";
  /** 1024, 2048, … 6144. Default 2048. */
  memoryMb?: number;
  /** Requests at the same time, 1 to 200. Default 1, which is what one notebook sends. */
  maxConcurrency?: number;
}

/** Billed while it is there. */
interface InstanceHosting {
  kind: "instance";
  instanceType: string;
  /** Default 1. */
  instances?: number;
  /** KMS key for the disks of the instances. */
  volumeKmsKey?: string;
}

/** A trained model, and where it is to answer. */
export interface EndpointRequest extends ModelToHost {
  /** Default serverless. */
  hosting?: ServerlessHosting | InstanceHosting;
  /** Endpoint, configuration and model are named `<baseName>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC). Default "customer-segmentation". */
  baseName?: string;
}

/** @throws ArgumentError for what SageMaker would refuse */
export function requireEndpointRequest(request: EndpointRequest, region: string): void {
  requireModel(request, region);
  const { hosting = { kind: "serverless" }, vpc, networkIsolation } = request;
  if (hosting.kind === "instance") {
    requireInstanceType(hosting.instanceType);
    requireInteger("hosting.instances", hosting.instances ?? 1, 1);
    requireVolumeKmsKey(hosting.volumeKmsKey, hosting.instanceType);
    return;
  }
  const { memoryMb = 2048, maxConcurrency = 1 } = hosting;
  if (memoryMb % 1024 !== 0) throw new ArgumentError("hosting.memoryMb", "a multiple of 1024", memoryMb);
  requireInteger("hosting.memoryMb", memoryMb, 1024, 6144);
  requireInteger("hosting.maxConcurrency", maxConcurrency, 1, 200);
  const instead = 'of kind "instance"';
  if (partitionOf(region).id === "aws-cn") throw new ArgumentError("hosting", `${instead} in ${region}`, hosting.kind);
  if (vpc) throw new ArgumentError("hosting", `${instead} for an endpoint in a VPC`, hosting.kind);
  if (networkIsolation) throw new ArgumentError("hosting", `${instead} for network isolation`, hosting.kind);
}
