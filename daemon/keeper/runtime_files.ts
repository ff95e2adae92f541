import type { DataDir } from "../../lib/host/data_dir.ts";
import { fileTrouble } from "../../lib/host/file_trouble.ts";
import {
  type PrivateFiles,
  removeIfThere,
  writeWhole,
} from "../../lib/host/private_files.ts";

/** The files by which a running daemon is found: pid, token and address. They belong to the holder of the lock. */
export class RuntimeFiles {
  readonly #dir: DataDir;
  readonly #files: PrivateFiles;
  /** One thing at a time: all of them write by way of one temporary name a file. */
  #last: Promise<unknown> = Promise.resolve();
  /** What was written, by path. */
  readonly #written = new Map<string, string>();

  constructor(dir: DataDir, files: PrivateFiles) {
    this.#dir = dir;
    this.#files = files;
  }

  /**
   * Puts our pid in the place of an earlier daemon's files, which fell without taking them away.
   *
   * @throws {Failure} FILE_TROUBLE, as all methods.
   */
  claim(pid: number): Promise<void> {
    return this.#oneAtATime(async () => {
      for (const path of [this.#dir.address, this.#dir.token]) {
        await this.#guard(path, () => removeIfThere(this.#files, path));
      }
      await this.#write(this.#dir.pid, `${pid}\n`);
    });
  }

  /** The token before the address: whoever finds the address finds the token that fits it. */
  announce(
    { token, address }: { readonly token: string; readonly address: string },
  ): Promise<void> {
    return this.#oneAtATime(async () => {
      await this.#write(this.#dir.token, `${token}\n`);
      await this.#write(this.#dir.address, `${address}\n`);
    });
  }

  /** Writes again what somebody took away: without it nobody finds the daemon. */
  restore(): Promise<void> {
    return this.#oneAtATime(async () => {
      for (const [path, text] of this.#written) {
        if (await this.#read(path) === null) await this.#write(path, text);
      }
    });
  }

  /** Takes away what was written and still is ours. */
  remove(): Promise<void> {
    return this.#oneAtATime(async () => {
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

  #oneAtATime(action: () => Promise<void>): Promise<void> {
    const done = this.#last.then(action, action);
    this.#last = done;
    return done;
  }

  async #write(path: string, text: string): Promise<void> {
    await this.#guard(path, () => writeWhole(this.#files, { path, text }));
    this.#written.set(path, text);
  }

  async #read(path: string): Promise<string | null> {
    try {
      return await this.#files.readText(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  async #guard(path: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      throw fileTrouble("write", { path, cause });
    }
  }
}
