import type { LineLoss } from "../../lib/log.ts";

/** A larger log is put aside when a daemon starts (as scripts/start.sh does). */
const MOST_BYTES = 1_000_000;

/** The log of a daemon, in a file of its data dir that is its user's alone. */
export class DaemonLog implements Disposable {
  readonly #path: string;
  #file: Deno.FsFile | null = null;

  /** @param path of the file; opened at the first line, when there is a data dir. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Writes whole lines. Never throws: a disk may be full, and the daemon stays. */
  write(lines: string): LineLoss | undefined {
    const bytes = new TextEncoder().encode(lines);
    let written = 0;
    try {
      const file = this.#file ??= open(this.#path);
      while (written < bytes.length) {
        written += file.writeSync(bytes.subarray(written));
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return written > 0 ? "cut" : "lost";
    }
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = null;
  }
}

function open(path: string): Deno.FsFile {
  if (sizeOf(path) > MOST_BYTES) Deno.renameSync(path, `${path}.1`);
  return Deno.openSync(path, { append: true, create: true, mode: 0o600 });
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
