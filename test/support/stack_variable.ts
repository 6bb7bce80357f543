/** In Jest's processes, the environment of the one stack of the run, as JSON. */
export const STACK_VARIABLE = "TEST_STACK_ENVIRONMENT";
