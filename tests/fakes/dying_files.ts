import type {
  FileFacts,
  NewFile,
  PrivateFiles,
} from "../../lib/host/private_files.ts";

/** Thrown by every step after the kill: nothing of the process goes on. */
export class Killed extends Error {
  override readonly name = "Killed";
}

interface Inode {
  bytes: Uint8Array;
  mode: number;
  isSymlink?: true;
}

/**
 * A disk in memory whose process is killed at a chosen step. A step has two points: before it happened, and after.
 * Content that was not synced is lost to a power cut, which the harshest reading of "kill" allows.
 */
export class DyingFiles implements PrivateFiles {
  readonly names = new Map<string, Inode>();
  /** Content by inode that is down on the disk. */
  readonly #synced = new Map<Inode, Uint8Array>();
  /** Points passed so far. */
  points = 0;
  /** The point at which the process dies; never when undefined. */
  dieAt: number | undefined;
  /** Thrown by the step of this name. */
  readonly troubles = new Map<keyof PrivateFiles | "write" | "sync", Error>();

  put(path: string, text: string, mode = 0o600): void {
    const inode = { bytes: new TextEncoder().encode(text), mode };
    this.names.set(path, inode);
    this.#synced.set(inode, inode.bytes);
  }

  text(path: string): string | undefined {
    const inode = this.names.get(path);
    return inode && new TextDecoder().decode(inode.bytes);
  }

  /** The machine's power fails and comes back: only what was synced has content. */
  reboot(): void {
    for (const inode of this.names.values()) {
      inode.bytes = this.#synced.get(inode) ?? new Uint8Array();
    }
    this.dieAt = undefined;
  }

  facts(path: string): Promise<FileFacts> {
    return this.#step("facts", () => {
      const { bytes, mode, isSymlink = false } = this.#inode(path);
      return { isFile: !isSymlink, isSymlink, size: bytes.length, mode };
    });
  }

  readText(path: string): Promise<string> {
    return this.#step(
      "readText",
      () => new TextDecoder().decode(this.#inode(path).bytes),
    );
  }

  create(path: string): Promise<NewFile> {
    return this.#step("create", () => {
      this.#refuse(path);
      const inode: Inode = { bytes: new Uint8Array(), mode: 0o600 };
      this.names.set(path, inode);
      return {
        write: (bytes) => this.#step("write", () => this.#write(inode, bytes)),
        sync: () =>
          this.#step("sync", () => void this.#synced.set(inode, inode.bytes)),
        close: () => undefined,
      };
    });
  }

  link(from: string, to: string): Promise<void> {
    return this.#step("link", () => {
      this.#refuse(to);
      this.names.set(to, this.#inode(from));
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step("rename", () => {
      this.names.set(to, this.#inode(from));
      this.names.delete(from);
    });
  }

  remove(path: string): Promise<void> {
    return this.#step("remove", () => {
      this.#inode(path);
      this.names.delete(path);
    });
  }

  syncFolder(_path: string): Promise<void> {
    return this.#step("syncFolder", () => undefined);
  }

  chmod(path: string, mode: number): Promise<void> {
    return this.#step("chmod", () => void (this.#inode(path).mode = mode));
  }

  /** A write takes 40 bytes at most, so that one can be cut in the middle. */
  #write(inode: Inode, bytes: Uint8Array): number {
    const taken = bytes.subarray(0, 40);
    inode.bytes = new Uint8Array([...inode.bytes, ...taken]);
    return taken.length;
  }

  #inode(path: string): Inode {
    const inode = this.names.get(path);
    if (inode === undefined) throw new Deno.errors.NotFound(path);
    return inode;
  }

  #refuse(path: string): void {
    if (this.names.has(path)) throw new Deno.errors.AlreadyExists(path);
  }

  // deno-lint-ignore require-await -- a throw must come as a rejection
  async #step<Result>(
    name: keyof PrivateFiles | "write" | "sync",
    action: () => Result,
  ): Promise<Result> {
    this.#point();
    const trouble = this.troubles.get(name);
    if (trouble !== undefined) throw trouble;
    const result = action();
    this.#point();
    return result;
  }

  #point(): void {
    if (this.dieAt !== undefined && this.points >= this.dieAt) {
      throw new Killed();
    }
    this.points++;
  }
}
