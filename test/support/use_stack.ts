import { STACK_VARIABLE } from "./stack_variable.js";

// For the suites that talk to the stack alone: the others, in the same Jest, are not to find it by chance.
Object.assign(process.env, JSON.parse(process.env[STACK_VARIABLE] ?? "{}"));
