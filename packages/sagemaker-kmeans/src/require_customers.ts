import { ArgumentError } from "@keyspaces-segmentation/common";
import type { CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { requireFloat32 } from "./training_data.js";

/**
 * Checks customers before they are sent anywhere.
 *
 * @throws ArgumentError when there are none, ids and rows differ in number, an id comes twice or cannot stand in a CSV field, or a
 *   feature is not finite as float32
 */
export function requireCustomers({ customerIds, features }: CustomersToAssign): void {
  if (features.rows < 1) throw new ArgumentError("customers", "at least one", features.rows);
  if (customerIds.length !== features.rows) {
    throw new ArgumentError("customers.customerIds.length", `${features.rows}, one per row`, customerIds.length);
  }
  const seen = new Set<string>();
  for (const id of customerIds) {
    if (!/^[^\s",]([^\r\n",]*[^\s",])?$/.test(id)) {
      throw new ArgumentError("customerIds", "without quotes, commas, line breaks and blanks at the ends", id);
    }
    if (seen.has(id)) throw new ArgumentError("customerIds", "unique", id);
    seen.add(id);
  }
  requireFloat32(features, "customers.features");
}
