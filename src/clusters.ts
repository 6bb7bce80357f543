/** Customers and their clusters. */
export { showActions, showClusters, showCustomers, showFiles, topCustomer } from "./ask.js";
export { assign } from "./assign.js";
export { chooseK, compare, gauge, showFence, showMovement } from "./going_further.js";
export { keep } from "./keep.js";
export { scoreHere } from "./score.js";
