import { join } from "node:path";
import { fileTrouble } from "../../../lib/host/file_trouble.ts";
import { newFile, type NewFileOfBytes } from "../../../lib/host/new_file.ts";

/** Where files wait on their way out. Every method rejects with a `Failure` FILE_TROUBLE. */
export interface FileStore {
  /** A new one; gone again at its disposal unless it was kept. */
  create(id: string): Promise<NewFileOfBytes>;
  /** Piece by piece. */
  read(id: string): AsyncIterable<Uint8Array>;
  /** Nothing is left of it; nothing where it is not there. */
  remove(id: string): Promise<void>;
  /** All that are there. */
  list(): Promise<readonly string[]>;
}

const PIECE = 64 * 1024;
const ID = /^[0-9a-f]{32}$/;

/** Files in a folder, made with the first of them. @param folder absolute */
export function folderStore(folder: string): FileStore {
  const pathOf = (id: string) => join(folder, id);
  return {
    create: (id) =>
      troubled("write", pathOf(id), async () => {
        await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await newFile(pathOf(id));
        return {
          write: (bytes) =>
            troubled("write", pathOf(id), () => file.write(bytes)),
          keep: () => troubled("write", pathOf(id), () => file.keep()),
          [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
        };
      }),
    read: (id) => pieces(pathOf(id)),
    remove: (id) =>
      troubled("remove", pathOf(id), async () => {
        await ifThere(() => Deno.remove(pathOf(id)));
      }),
    list: () =>
      troubled("read", folder, async () => {
        const names = await ifThere(() => Array.fromAsync(namesIn(folder)));
        return names ?? [];
      }),
  };
}

async function* namesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && ID.test(name)) yield name;
  }
}

async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  using file = await troubled("read", path, () => Deno.open(path));
  for (;;) {
    const piece = new Uint8Array(PIECE);
    const read = await troubled("read", path, () => file.read(piece));
    if (read === null) return;
    yield piece.subarray(0, read);
  }
}

async function ifThere<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function troubled<T>(
  action: string,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileTrouble(action, { path, cause });
  }
}
