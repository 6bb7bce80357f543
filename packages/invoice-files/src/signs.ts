import { looksLikeNumber } from "@keyspaces-segmentation/table-files";

/** A minus or a bracket of any kind before the first digit or behind the last one, with a currency on either side of it: -£5, £-5, (EUR 5), 5,00- €. */
const BELOW = /^\D*[-−‐–(<[]\s*(?:\p{Sc}|\p{L}{1,3}\.?)?\s*[\d.,]|\d\s*[-−–)>\]]\s*(?:\p{Sc}|\p{L}{1,3}\.?)?$/u;

const isAmount = (text: string): boolean => /[1-9]/.test(text) && looksLikeNumber(text);

/** Whether a field has a number below zero, whatever its decimal sign is. */
export const isBelowZero = (text: string): boolean => isAmount(text) && BELOW.test(text.trim());

/** Whether it has one above zero. */
export const isAboveZero = (text: string): boolean => isAmount(text) && !BELOW.test(text.trim());
