import { createHash } from "node:crypto";
import type { NewFile, PrivateFiles } from "../../lib/host/private_files.ts";
import { folderOf } from "../../lib/host/paths.ts";
import type { OpenSql } from "../../lib/sql/sql.ts";
import { BadCopy } from "./copy_port.ts";
import { judgeCopy } from "./judge_copy.ts";

/** How files and databases are reached. */
export interface CopyDisk {
  readonly files: PrivateFiles;
  readonly open: OpenSql;
}

/** Another relay's copy of its view, as it comes in: under a name that nobody uses until it is whole and was looked at. */
export class ComingCopy {
  readonly #disk: CopyDisk;
  readonly #path: string;
  readonly #file: NewFile;
  readonly #hash = createHash("sha256");
  #isClosed = false;

  private constructor(disk: CopyDisk, path: string, file: NewFile) {
    this.#disk = disk;
    this.#path = path;
    this.#file = file;
  }

  /** @param path is not there yet. @throws an error of `Deno.errors`. */
  static async begin(disk: CopyDisk, path: string): Promise<ComingCopy> {
    return new ComingCopy(disk, path, await disk.files.create(path));
  }

  /** The next bytes. @throws an error of `Deno.errors`. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(await this.#file.write(rest));
    }
  }

  /**
   * That were all bytes: gives it its name where they are those that were sent, and make a sound view of the log.
   *
   * @param to takes the place of what is there.
   * @returns the log's last place that is in it.
   * @throws BadCopy with what is wrong with it; an error of `Deno.errors`, or of SQLite, where the disk fails. Nothing has
   *   the name then that had it not before.
   */
  async finish(
    { sha256, log, to }: {
      readonly sha256: string;
      readonly log: string;
      readonly to: string;
    },
  ): Promise<number> {
    if (this.#hash.digest("hex") !== sha256) {
      throw new BadCopy("the bytes that came are not those that were sent");
    }
    await this.#file.sync();
    this.close();
    const { files, open } = this.#disk;
    const position = judgeCopy(open, this.#path, log);
    await files.rename(this.#path, to);
    await files.syncFolder(folderOf(to));
    return position;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.close();
  }
}
