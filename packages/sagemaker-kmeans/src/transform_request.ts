import { requireInteger } from "@keyspaces-segmentation/common";
import type { CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { type ModelToHost, requireModel } from "./hosting_request.js";
import { requireCustomers } from "./require_customers.js";
import { requireFolder, requireInstanceType, requireKmsKey, requireVolumeKmsKey } from "./rules.js";

/** Customers to be assigned by a batch transform with a trained model. */
export interface TransformRequest extends ModelToHost {
  customers: CustomersToAssign;
  bucket: string;
  /** Key prefix for input and output, without slashes at its ends. */
  prefix: string;
  instanceType: string;
  /** Default 1. */
  instances?: number;
  /** Job and model are named `<baseName>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC). Default "customer-segmentation". */
  baseName?: string;
  /** KMS key for input and output in S3; otherwise S3's own. */
  outputKmsKey?: string;
  /** KMS key for the disks of the instances. */
  volumeKmsKey?: string;
}

/** @throws ArgumentError for what SageMaker would refuse */
export function requireTransformRequest(request: TransformRequest, region: string): void {
  requireModel(request, region);
  requireCustomers(request.customers);
  requireFolder(request);
  requireInstanceType(request.instanceType);
  requireInteger("instances", request.instances ?? 1, 1, request.customers.features.rows);
  requireKmsKey("outputKmsKey", request.outputKmsKey);
  requireVolumeKmsKey(request.volumeKmsKey, request.instanceType);
}
