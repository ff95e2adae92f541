import type {
  FileIdentity,
  FileOpener,
  OpenedFile,
} from "../../lib/attachments/opened_file.ts";

/** Files in memory that can be sent: each path is a file of its own, but for {@link links}. */
export class OpenableFiles implements FileOpener {
  /** Paths that lead to another one's file. */
  readonly links = new Map<string, string>();
  /** Paths of what is no regular file. */
  readonly odd = new Set<string>();
  /** Called before a file is read again. */
  reread: (path: string) => void = () => undefined;
  readonly #bytes: (path: string) => Uint8Array;
  readonly #inodes: string[] = [];

  /** @param bytes of a path; throws an error of `Deno.errors`. */
  constructor(bytes: (path: string) => Uint8Array) {
    this.#bytes = bytes;
  }

  async open(given: string): Promise<OpenedFile | null> {
    await Promise.resolve();
    if (this.odd.has(given)) return null;
    const path = this.links.get(given) ?? given;
    const { length: size } = this.#bytes(path);
    const read = () => this.#bytes(path);
    const again = () => this.reread(path);
    let reads = 0;
    return {
      ...this.#identity(path),
      size,
      async *pieces() {
        if (reads++ > 0) again();
        const bytes = read();
        for (let at = 0; at < bytes.length; at += 10_000) {
          yield await Promise.resolve(bytes.subarray(at, at + 10_000));
        }
      },
      [Symbol.dispose]() {},
    };
  }

  realPath(path: string): Promise<string> {
    return Promise.resolve(this.links.get(path) ?? path);
  }

  /** Of paths that were opened. */
  within(folders: readonly string[]): Promise<readonly FileIdentity[]> {
    const own = this.#inodes.filter((path) =>
      folders.some((folder) => path.startsWith(`${folder}/`))
    );
    return Promise.resolve(own.map((path) => this.#identity(path)));
  }

  #identity(path: string): FileIdentity {
    const had = this.#inodes.indexOf(path);
    const ino = had >= 0 ? had : this.#inodes.push(path) - 1;
    return { dev: 1, ino };
  }
}
