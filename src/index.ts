/** The walkthrough's steps, as the notebook's cells call them. */

export * as aws from "./aws.js";
export * as charts from "./charts.js";
export * as clusters from "./clusters.js";
export * as invoices from "./invoice_steps.js";
export * as keyspaces from "./keyspaces.js";
export * as prepare from "./prepare.js";
export * as sagemaker from "./sagemaker.js";
export { readSettings } from "./settings.js";
export * as show from "./show.js";
