import { type FileHandle, open } from "node:fs/promises";

type Write = (
  data: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
) => Promise<{ bytesWritten: number }>;

/**
 * Gives files, all together, so many more bytes while `work` goes on: the write that comes to the end is a short one, as the system's own
 * is, and those behind it fail as on a full disk.
 *
 * @returns what `work` came to, and how many bytes it has written
 */
export async function withRoomFor<T>(bytes: number, work: () => Promise<T>): Promise<{ value: T; written: number }> {
  const probe = await open(__filename, "r");
  const kind = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const { write, writeFile, appendFile } = kind;
  let left = bytes;

  const take = async (file: FileHandle, data: Uint8Array, position: number | null): Promise<number> => {
    if (left === 0 && data.length > 0) {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
    }
    const piece = data.subarray(0, left);
    left -= piece.length;
    return (await (write as unknown as Write).call(file, piece, 0, piece.length, position)).bytesWritten;
  };
  async function takeAll(this: FileHandle, content: unknown): Promise<void> {
    const data = Buffer.from(content as string);
    for (let done = 0; done < data.length; ) done += await take(this, data.subarray(done), null);
  }
  const replacement = {
    async write(this: FileHandle, data: Uint8Array, offset = 0, length = data.length - offset, position = null) {
      const piece = data.subarray(offset, offset + length);
      return { bytesWritten: await take(this, piece, position), buffer: data };
    },
    writeFile: takeAll,
    appendFile: takeAll,
  };
  Object.assign(kind, replacement);
  try {
    const value = await work();
    return { value, written: bytes - left };
  } finally {
    Object.assign(kind, { write, writeFile, appendFile });
  }
}
