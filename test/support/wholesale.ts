import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import { seededRandom } from "@keyspaces-segmentation/kmeans";

/**
 * Customers of a shop with the tails of the real one's: most buy once or twice and for some hundred pounds, and of two hundred one buys
 * eight times as often and thirty times as much.
 */
export function wholesale(count: number): CustomerFeatures[] {
  const random = seededRandom(77);
  const bell = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, (_, i) => {
    const invoices = Math.max(1, Math.round(Math.exp(0.5 + 0.95 * bell())));
    const isWholesaler = random() < 0.005;
    const recencyDays = Math.min(373, Math.floor((-140 * Math.log(1 - random())) / Math.sqrt(invoices)));
    return {
      customerId: String(12_346 + i),
      country: "United Kingdom",
      recencyDays: isWholesaler ? recencyDays % 20 : recencyDays,
      frequency: invoices * (isWholesaler ? 8 : 1),
      monetary: Math.round(100 * Math.exp(5.7 + 0.6 * bell()) * invoices * (isWholesaler ? 30 : 1)) / 100,
    };
  });
}
