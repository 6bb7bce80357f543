import { looksBelowZero, looksLikeNumber } from "@keyspaces-segmentation/table-files";

const isAmount = (text: string): boolean => /[1-9]/.test(text) && looksLikeNumber(text);

/** Whether a field has a number below zero, whatever its decimal sign is. */
export const isBelowZero = (text: string): boolean => isAmount(text) && looksBelowZero(text);

/** Whether it has one above zero. */
export const isAboveZero = (text: string): boolean => isAmount(text) && !looksBelowZero(text);
