import { diskFiles } from "../../lib/host/private_files.ts";
import type { BlobDisk } from "./blob_folder.ts";

/** The disk. */
export const blobDisk: BlobDisk = {
  ...diskFiles,
  makeFolder: (path) => Deno.mkdir(path, { recursive: true, mode: 0o700 }),
  async *names(path) {
    for await (const { name } of Deno.readDir(path)) yield name;
  },
  async open(path) {
    const file = await Deno.open(path);
    const { size } = await file.stat();
    return {
      size,
      read: (bytes) => file.read(bytes),
      close: () => file.close(),
    };
  },
};
