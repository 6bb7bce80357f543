/** Bytes of a file, decompressed: all of a small one; head, middle and tail of a large one. */
export interface Sample {
  /** In the order of the file; pieces after the first may begin in the middle of a line, or of a character. */
  readonly pieces: readonly { readonly bytes: Uint8Array; readonly offset: number }[];
  /** Bytes of the file. */
  readonly size: number;
  /** Whether the pieces are the whole file. */
  readonly whole: boolean;
}
