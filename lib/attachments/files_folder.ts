import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { Failure } from "../errors.ts";

/** What a folder is looked at with. */
export interface FolderPaths {
  /** Where a path leads, links followed. Rejects with an error of `Deno.errors`. */
  realPath(path: string): Promise<string>;
}

/** The one folder that a user named for files that go with messages: nothing outside of it is read or written. */
export class FilesFolder {
  readonly #paths: FolderPaths;
  readonly #folder: string;

  /** @param folder absolute, links followed */
  private constructor(folder: string, paths: FolderPaths) {
    this.#folder = folder;
    this.#paths = paths;
  }

  /** @throws {Failure} USAGE where there is no such folder. */
  static async open(path: string, paths: FolderPaths): Promise<FilesFolder> {
    try {
      return new FilesFolder(await paths.realPath(resolve(path)), paths);
    } catch (error) {
      throw new Failure("USAGE", {
        fields: {
          reason: `there is no folder ${path} for files`,
          fix: "make it, and name it: agentnet mcp --files DIR",
        },
        cause: error,
      });
    }
  }

  /** Absolute, links followed. */
  get path(): string {
    return this.#folder;
  }

  /**
   * Where a file of the folder is, links followed.
   *
   * @param path absolute, or from the folder
   * @throws {Failure} FILE_REFUSED where that is outside; USAGE where there is none.
   */
  async readable(path: string): Promise<string> {
    return this.#inside(path, await this.#real(this.#whole(path), path));
  }

  /** Where a new file of the folder would be: its own folder is there, links followed. @throws {Failure} as {@link readable} */
  async writable(path: string): Promise<string> {
    const whole = this.#whole(path);
    const folder = await this.#real(dirname(whole), path);
    return this.#inside(path, join(folder, basename(whole)));
  }

  #whole(path: string): string {
    return isAbsolute(path) ? resolve(path) : resolve(this.#folder, path);
  }

  async #real(path: string, given: string): Promise<string> {
    try {
      return await this.#paths.realPath(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw this.#refused(given);
      throw new Failure("USAGE", {
        fields: {
          reason: `there is no ${given}`,
          fix: `name one in ${this.#folder}`,
        },
        cause: error,
      });
    }
  }

  #inside(given: string, real: string): string {
    const root = this.#folder.endsWith(sep)
      ? this.#folder
      : `${this.#folder}${sep}`;
    if (real.startsWith(root)) return real;
    throw this.#refused(given);
  }

  #refused(path: string): Failure {
    return new Failure("FILE_REFUSED", {
      fields: {
        path,
        reason: `it is outside of the folder for files, ${this.#folder}`,
        fix: "name a file in that folder",
      },
    });
  }
}
