/** The walkthrough's steps, as the notebook's cells call them. */
import { forCells } from "@keyspaces-segmentation/notebook-charts";
import * as awsSteps from "./aws.js";
import * as chartSteps from "./charts.js";
import * as clusterSteps from "./clusters.js";
import * as invoiceSteps from "./invoice_steps.js";
import * as keyspacesSteps from "./keyspaces.js";
import * as prepareSteps from "./prepare.js";
import * as sagemakerSteps from "./sagemaker.js";

export { readSettings } from "./settings.js";
export * as show from "./show.js";
export const aws: typeof awsSteps = forCells("aws", awsSteps);
export const charts: typeof chartSteps = forCells("charts", chartSteps);
export const clusters: typeof clusterSteps = forCells("clusters", clusterSteps);
export const invoices: typeof invoiceSteps = forCells("invoices", invoiceSteps);
export const keyspaces: typeof keyspacesSteps = forCells("keyspaces", keyspacesSteps);
export const prepare: typeof prepareSteps = forCells("prepare", prepareSteps);
export const sagemaker: typeof sagemakerSteps = forCells("sagemaker", sagemakerSteps);
