import { KeptFiles } from "../../lib/host/kept_files.ts";
import type { PrivateFiles } from "../../lib/host/private_files.ts";
import type { DataDir } from "./data_dir.ts";

/** The files by which a running daemon is found: pid, token and address. They belong to the holder of the lock. */
export class RuntimeFiles {
  readonly #dir: DataDir;
  readonly #kept: KeptFiles;
  readonly #files: PrivateFiles;

  constructor(dir: DataDir, files: PrivateFiles) {
    this.#dir = dir;
    this.#kept = new KeptFiles(files);
    this.#files = files;
  }

  /**
   * Puts our pid in the place of an earlier daemon's files, which fell without taking them away.
   *
   * @throws {Failure} FILE_TROUBLE, as all methods.
   */
  async claim(pid: number): Promise<void> {
    const { address, token, stopped, handover } = this.#dir;
    await this.#kept.clear([address, token, stopped, handover]);
    await this.#kept.write([{ path: this.#dir.pid, text: `${pid}\n` }]);
  }

  /** The token before the address: whoever finds the address finds the token that fits it. */
  announce(
    { token, address }: { readonly token: string; readonly address: string },
  ): Promise<void> {
    return this.#kept.write([
      { path: this.#dir.token, text: `${token}\n` },
      { path: this.#dir.address, text: `${address}\n` },
    ]);
  }

  /** Writes again what somebody took away: without it nobody finds the daemon. */
  restore(): Promise<void> {
    return this.#kept.restore();
  }

  /** Notes that no daemon is wanted until one is started. It stays behind. */
  async markStopped(): Promise<void> {
    await new KeptFiles(this.#files).write([
      { path: this.#dir.stopped, text: "told to stop\n" },
    ]);
  }

  /** Notes that another daemon takes over, which takes the note away. @param atMs now, in Unix milliseconds */
  async markHandedOver(atMs: number): Promise<void> {
    await new KeptFiles(this.#files).write([
      { path: this.#dir.handover, text: `${atMs}\n` },
    ]);
  }

  /** Takes away what was written and still is ours. */
  remove(): Promise<void> {
    return this.#kept.remove();
  }
}
