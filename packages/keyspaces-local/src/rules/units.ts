const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/** Every started KB; a delete too costs one. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));

/** Every started 4 KB, and each subquery at least one; half of it at ONE and LOCAL_ONE. */
export function readUnits(bytes: number, subqueries: number, strong: boolean): number {
  return Math.max(1, subqueries, Math.ceil(bytes / READ_UNIT_BYTES)) * (strong ? 1 : 0.5);
}
