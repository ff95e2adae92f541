import { Failure } from "../errors.ts";
import { fileTrouble } from "./file_trouble.ts";
import {
  type PrivateFiles,
  removeIfThere,
  writeWhole,
} from "./private_files.ts";

/** One file with its whole content. */
export interface KeptFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The files by which a daemon or relay that runs is found, private, in the data dir whose lock it holds. All methods
 * throw a `Failure` FILE_TROUBLE.
 */
export class KeptFiles {
  readonly #files: PrivateFiles;
  /** One thing at a time: all of them write by way of one temporary name a file. */
  #last: Promise<unknown> = Promise.resolve();
  /** What was written, by path. */
  readonly #written = new Map<string, string>();

  constructor(files: PrivateFiles) {
    this.#files = files;
  }

  /** Takes away what an earlier one left, which fell without taking it away. */
  clear(paths: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const path of paths) {
        await this.#guard(path, () => removeIfThere(this.#files, path));
      }
    });
  }

  /** One after the other, in this order. */
  write(files: readonly KeptFile[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const file of files) await this.#write(file);
    });
  }

  /** Writes again what somebody took away: without it nobody finds who runs. */
  restore(): Promise<void> {
    return this.#inTurn(async () => {
      for (const [path, text] of this.#written) {
        if (await this.#read(path) === null) await this.#write({ path, text });
      }
    });
  }

  /** Takes away what was written and still is ours. */
  remove(): Promise<void> {
    return this.#inTurn(async () => {
      for (const [path, text] of this.#written) {
        await this.#guard(path, async () => {
          if (await this.#read(path) === text) {
            await removeIfThere(this.#files, path);
          }
        });
      }
      this.#written.clear();
    });
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(action, action);
    this.#last = turn;
    return turn;
  }

  async #write(file: KeptFile): Promise<void> {
    await this.#guard(file.path, () => writeWhole(this.#files, file));
    this.#written.set(file.path, file.text);
  }

  async #read(path: string): Promise<string | null> {
    try {
      return await this.#files.readText(path);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return null;
      throw fileTrouble("read", { path, cause });
    }
  }

  async #guard(path: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw fileTrouble("write", { path, cause });
    }
  }
}
