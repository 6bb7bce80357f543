import { ArgumentError } from "@keyspaces-segmentation/common";
import { kMeansImage } from "./image.js";
import { requireRole, requireTags, requireVpc, type Tags, type Vpc } from "./rules.js";

/** A trained model, and how its container runs. */
export interface ModelToHost {
  /** URI of its model.tar.gz in S3. */
  modelUri: string;
  /** ARN of the execution role. */
  role: string;
  vpc?: Vpc;
  networkIsolation?: boolean;
  tags?: Tags;
}

/** @throws ArgumentError for what SageMaker would refuse, or a region without the algorithm */
export function requireModel({ modelUri, role, vpc, tags }: ModelToHost, region: string): void {
  kMeansImage(region);
  if (modelUri.length > 1024 || !/^s3:\/\/[^/]+\/.+$/.test(modelUri)) {
    throw new ArgumentError("modelUri", "the URI of a model.tar.gz in S3", modelUri);
  }
  requireRole(role);
  requireVpc(vpc);
  requireTags(tags);
}
