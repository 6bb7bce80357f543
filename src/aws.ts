/** Who I am in AWS, and what I may use. */
export { signIn } from "@keyspaces-segmentation/aws-session";
export { preflight } from "./preflight.js";
export { remove } from "./remove.js";
