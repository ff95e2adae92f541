import { Failure } from "../../lib/errors.ts";
import { isAgentId } from "../../lib/protocol/agent_id.ts";

/** The disk, as far as bans need it. Errors are those of `Deno.errors`, or a `Failure` that says what to do. */
export interface BanFiles {
  readText(path: string): Promise<string>;
  /** Whole or not at all, and on the disk when it returns. */
  writeWhole(path: string, text: string): Promise<void>;
}

/** Ids that the file holds at most. */
const MOST = 100_000;
const HEAD = "# Agents banned by 'agentnet relay admin ban', an id a line.\n";

/** The agents that the operator banned, kept in a file of the data dir. */
export class Bans {
  readonly #path: string;
  readonly #files: BanFiles;
  #ids: ReadonlySet<string>;
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(
    path: string,
    files: BanFiles,
    ids: ReadonlySet<string>,
  ) {
    this.#path = path;
    this.#files = files;
    this.#ids = ids;
  }

  /** @throws Failure FILE_TROUBLE for a file that can't be read: a relay never starts without its bans. */
  static async read(path: string, files: BanFiles): Promise<Bans> {
    return new Bans(path, files, parse(await textOf(path, files), path));
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /**
   * In force once it is on disk.
   *
   * @returns whether it was not banned yet.
   * @throws Failure FILE_TROUBLE, and nothing has changed.
   */
  add(agent: string): Promise<boolean> {
    return this.#change(agent, true);
  }

  /** @returns whether it was banned. */
  remove(agent: string): Promise<boolean> {
    return this.#change(agent, false);
  }

  /** One after the other: two acts at once would each write without the other's. */
  #change(agent: string, isBanned: boolean): Promise<boolean> {
    const write = () => this.#write(agent, isBanned);
    const written = this.#lastWrite.then(write, write);
    this.#lastWrite = written;
    return written;
  }

  async #write(agent: string, isBanned: boolean): Promise<boolean> {
    if (this.#ids.has(agent) === isBanned) return false;
    const ids = new Set(this.#ids);
    if (isBanned) ids.add(agent);
    else ids.delete(agent);
    if (ids.size > MOST) throw trouble("write", this.#path, "it is full");
    try {
      await this.#files.writeWhole(
        this.#path,
        HEAD + [...ids].map((id) => `${id}\n`).join(""),
      );
    } catch (cause) {
      throw trouble("write", this.#path, cause);
    }
    this.#ids = ids;
    return true;
  }
}

async function textOf(path: string, files: BanFiles): Promise<string> {
  try {
    return await files.readText(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return "";
    if (cause instanceof Failure) throw cause;
    throw trouble("read", path, cause);
  }
}

function parse(text: string, path: string): Set<string> {
  const ids = new Set<string>();
  for (const [i, line] of text.split("\n").entries()) {
    const id = line.replace(/#.*/, "").trim();
    if (id === "") continue;
    if (!isAgentId(id)) {
      throw trouble("use", path, `line ${i + 1} is not an agent's id`);
    }
    ids.add(id);
  }
  return ids;
}

function trouble(action: string, path: string, cause: unknown): Failure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure("FILE_TROUBLE", {
    fields: { action, path, reason },
    cause,
  });
}
