import { join } from "node:path";
import { fileTrouble } from "./file_trouble.ts";

/** Where a daemon's files are. */
export class DataDir {
  readonly path: string;

  /** @param path absolute. */
  constructor(path: string) {
    this.path = path;
  }

  get key(): string {
    return join(this.path, "agent.key");
  }
  get lock(): string {
    return join(this.path, "daemon.lock");
  }
  get token(): string {
    return join(this.path, "api.token");
  }
  get address(): string {
    return join(this.path, "api.addr");
  }
  get pid(): string {
    return join(this.path, "daemon.pid");
  }
  /** The one folder that the session worker may touch. */
  get state(): string {
    return join(this.path, "state");
  }
  get database(): string {
    return join(this.state, "mailbox.db");
  }

  /**
   * Makes the folder where it is missing, for its owner alone.
   *
   * @throws {Failure} FILE_TROUBLE.
   */
  async make(): Promise<string[]> {
    return await makeFolder(this.path);
  }

  /** The same for the worker's folder; to be called under the lock. */
  async makeState(): Promise<string[]> {
    return await makeFolder(this.state);
  }
}

/** @returns warnings, in words. */
async function makeFolder(path: string): Promise<string[]> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    const { mode } = await Deno.stat(path);
    if (mode === null || (mode & 0o077) === 0) return [];
    await Deno.chmod(path, 0o700);
    const was = (mode & 0o777).toString(8).padStart(4, "0");
    return [
      `${path} was open to others (mode ${was}) and is now closed (0700)`,
    ];
  } catch (cause) {
    throw fileTrouble("use", { path, cause });
  }
}
