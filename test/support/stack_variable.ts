/** In Jest's processes, the environment of the one stack of the run, as JSON. */
export const STACK_VARIABLE = "TEST_STACK_ENVIRONMENT";

/** In Jest's processes, a folder for what the suites of a run share; it goes with the stack. */
export const SHARED_FOLDER_VARIABLE = "TEST_SHARED_FOLDER";
