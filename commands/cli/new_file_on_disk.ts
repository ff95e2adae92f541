import { newFile } from "../../lib/host/new_file.ts";
import type { NewFile } from "./cli_context.ts";

/** Makes a file, 0600, where there is none. Rejects with an error of `Deno.errors`. */
export async function createFile(path: string): Promise<NewFile> {
  const file = await newFile(path);
  const encoder = new TextEncoder();
  return {
    write: (text) => file.write(encoder.encode(text)),
    writeBytes: (bytes) => file.write(bytes),
    keep: () => file.keep(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}
