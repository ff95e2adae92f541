import type { NewFile } from "./cli_context.ts";

/** Makes a file, 0600, where there is none. Rejects with an error of `Deno.errors`. */
export async function createFile(path: string): Promise<NewFile> {
  const options = { write: true, createNew: true, mode: 0o600 } as const;
  const file = await Deno.open(path, options);
  let isKept = false;
  return {
    async write(text) {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) {
        at += await file.write(bytes.subarray(at));
      }
    },
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
