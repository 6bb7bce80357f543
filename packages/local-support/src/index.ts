export { type Identity, ROLE_NAME, temporaryIdentity, temporaryKeys } from "./identities.js";
export { CASSANDRA_JARS, LOCAL, NOTEBOOK, PYTHON, ROOT, SPARK } from "./paths.js";
export { PRIVATE_FILE, PRIVATE_FOLDER } from "./private_files.js";
export { end, guard, type Service, startService } from "./process.js";
export { familyOf, type RunningProcess, signalAll, stillRunning } from "./process_tree.js";
export { seededRandom } from "./seeded_random.js";
export { writeTogether } from "./whole_files.js";
