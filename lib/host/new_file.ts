/** A file that is being written; gone again at its disposal unless it was kept. */
export interface NewFileOfBytes extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>;
  /** On the disk itself, and there to stay. */
  keep(): Promise<void>;
}

/** Makes a file, 0600, where there is none. Rejects with an error of `Deno.errors`. */
export async function newFile(path: string): Promise<NewFileOfBytes> {
  const options = { write: true, createNew: true, mode: 0o600 } as const;
  const file = await Deno.open(path, options);
  let isKept = false;
  return {
    write: (bytes) => writeAll(file, bytes),
    async keep() {
      await file.sync();
      isKept = true;
    },
    async [Symbol.asyncDispose]() {
      file.close();
      if (!isKept) await Deno.remove(path);
    },
  };
}

/** All the bytes: one write may take a part of them alone. */
export async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}
