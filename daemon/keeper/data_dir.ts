import { join } from "node:path";
import { Failure } from "../../lib/errors.ts";
import { fileTrouble } from "../../lib/host/file_trouble.ts";

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
   * Makes the folder where it is missing, for its owner alone. One of ours that is open to others is closed to them,
   * with a warning; one that is shared (others may write in it, or it is another user's) is refused as it is.
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

/** Mode bits: sticky, as on /tmp, and writable for everybody. */
const SHARED = 0o1002;

/** @returns warnings, in words. */
async function makeFolder(path: string): Promise<string[]> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    const { mode, uid } = await Deno.stat(path);
    if (mode === null) return [];
    if ((mode & SHARED) !== 0) throw shared(path, "others may write in it");
    if (uid !== await ownUid(path)) throw shared(path, "it is another user's");
    if ((mode & 0o077) === 0) return [];
    await Deno.chmod(path, 0o700);
    const was = (mode & 0o777).toString(8).padStart(4, "0");
    return [
      `${path} was open to others (mode ${was}) and is now closed (0700)`,
    ];
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw fileTrouble("use", { path, cause });
  }
}

function shared(path: string, reason: string): Failure {
  const fix = "use a folder of its own: AGENTNET_DATA_DIR or --data-dir";
  return new Failure("FILE_TROUBLE", {
    fields: { action: "use", path, reason, fix },
  });
}

/** Whose files are made there: the program may not ask the system who it is. */
async function ownUid(path: string): Promise<number | null> {
  const probe = await Deno.makeTempFile({ dir: path, prefix: ".owner-" });
  try {
    return (await Deno.stat(probe)).uid;
  } finally {
    await Deno.remove(probe);
  }
}
