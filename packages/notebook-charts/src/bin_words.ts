import type { Bin } from "@keyspaces-segmentation/invoices";

/** The bins of the ledger as readers know them. */
export const BIN_WORDS: Readonly<Record<Bin, string>> = {
  no_customer: "No customer",
  cancelled: "Cancelled or returned",
  quantity_not_positive: "Quantity not positive",
  price_not_positive: "Price not positive",
  not_a_product: "Postage, fees, not a product",
  purchase: "Purchases of products",
};
