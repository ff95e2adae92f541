import { partFile } from "../../lib/host/part_file.ts";
import type { NewFile } from "./cli_context.ts";

/** As {@link partFile}. */
export async function createFile(path: string): Promise<NewFile> {
  const file = await partFile(
    path,
    (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  );
  const encoder = new TextEncoder();
  return {
    write: (text) => file.write(encoder.encode(text)),
    writeBytes: (bytes) => file.write(bytes),
    keep: () => file.keep(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}
