import { looksBelowZero, looksLikeNumber } from "@keyspaces-segmentation/table-files";

/** Whether a field has a number other than zero, whatever its decimal sign is. */
export const isAmount = (text: string): boolean => /[1-9]/.test(text) && looksLikeNumber(text);

/** Whether it has one below zero. */
export const isBelowZero = (text: string): boolean => isAmount(text) && looksBelowZero(text);

/** Whether it has one above zero. */
export const isAboveZero = (text: string): boolean => isAmount(text) && !looksBelowZero(text);
