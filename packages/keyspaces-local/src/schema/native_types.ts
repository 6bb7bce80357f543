import { scalarValues } from "../streams/scalar_values.js";

/** A word of these stands for itself wherever a type is written, whatever types there are besides. */
export const nativeTypes: ReadonlySet<string> = new Set([...Object.keys(scalarValues), "duration"]);
