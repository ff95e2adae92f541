import type { FileApi } from "../../lib/local_api/agent_api.ts";
import type { TakenFile } from "../../lib/local_api/types/files.ts";
import { asChecked } from "./plain.ts";

/** A file of so many bytes, the same each time. */
export const fileOf = (size: number) =>
  Uint8Array.from({ length: size }, (_, at) => at * 7 % 251);

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 5_000) {
    yield await Promise.resolve(bytes.subarray(at, at + 5_000));
  }
}

/** Gives a file to a daemon. */
export async function take(
  files: FileApi,
  bytes: Uint8Array,
  { room = "tea", name = "a.txt", size = bytes.length } = {},
): Promise<TakenFile> {
  const wanted = asChecked<Parameters<FileApi["take"]>[0]>({
    ...{ room, name, size },
  });
  const steps = files.take(wanted, pieces(bytes));
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}
