import type { FolderPaths } from "./files_folder.ts";

/** What tells one file from another, by whatever path it is reached. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** A file that was opened to be read. */
export interface OpenedFile extends Disposable, FileIdentity {
  /** Bytes, when it was opened. */
  readonly size: number;
  /** From its start, piece by piece; may be read again. Rejects with an error of `Deno.errors`. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** What files are read with. */
export interface FileOpener extends FolderPaths {
  /**
   * Opens a regular file; null for what is none: a folder, a device, a pipe. Rejects with an error of `Deno.errors`.
   */
  open(path: string): Promise<OpenedFile | null>;
  /** All files in these folders and below, as far as they can be seen. */
  within(folders: readonly string[]): Promise<readonly FileIdentity[]>;
}
