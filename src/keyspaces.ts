/** Amazon Keyspaces: connect, create, load, read, ask. */
export { clusterOf, historyOf, membersOf } from "./ask.js";
export { close, connect } from "./connect.js";
export { create } from "./create.js";
export { load, showFiles, showLoad } from "./load.js";
export { read, sample } from "./read.js";
