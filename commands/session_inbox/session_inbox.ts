import { dirname } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { inboxLines } from "./inbox_lines.ts";
import type { InboxPlace } from "./inbox_place.ts";

/** A connection to a socket; closed twice, it throws, disposed of twice, not. */
export type InboxConnection =
  & Pick<Deno.UnixConn, "read" | "write" | "closeWrite">
  & Disposable;

/** What is known of a file; links are not followed. */
export type SocketFacts = Pick<
  Deno.FileInfo,
  "isSocket" | "isDirectory" | "uid" | "mode"
>;

/** What the inbox needs of the system. Errors are those of `Deno.errors`. */
export interface InboxSystem {
  readonly clock: Clock;
  facts(path: string): Promise<SocketFacts>;
  connect(path: string): Promise<InboxConnection>;
  /** This process's user. */
  ownUid(): Promise<number | null>;
  randomId(): string;
}

/** How long the session may take to read what it is told; milliseconds. */
const PATIENCE_MS = 10_000;
/** So much of an answer is read; nothing is made of it. */
const MOST_ANSWER = 64 * 1024;
/** Mode bits of a folder: others may write there; none but its owner may take a file away. */
const WRITABLE = 0o022;
const STICKY = 0o1000;

/** The inbox of one session of Claude Code. What it is told wakes the session, where that is idle. */
export class SessionInbox {
  readonly #place: InboxPlace;
  readonly #system: InboxSystem;
  readonly #folder: Promise<SocketFacts | null>;

  /** Looks at the socket's folder: a daemon that this process holds later gives the right to away. */
  constructor(place: InboxPlace, system: InboxSystem) {
    this.#place = place;
    this.#system = system;
    this.#folder = system.facts(dirname(place.path)).catch((cause) => {
      if (cause instanceof Error) return null;
      throw cause;
    });
  }

  /**
   * Tells the session a text, and returns once it has read it.
   *
   * @param text of our own words, ASCII.
   * @throws {Failure} WAKE_FAILED, without the token.
   */
  async tell(text: string): Promise<void> {
    const late = new AbortController();
    const isLate = Promise.withResolvers<never>();
    const timer = this.#system.clock.after(PATIENCE_MS, () => {
      late.abort(inboxFailure("nobody reads it"));
      isLate.reject(late.signal.reason);
    });
    try {
      await Promise.race([this.#tell(text, late.signal), isLate.promise]);
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw inboxFailure(reasonOf(cause), cause);
    } finally {
      timer.cancel();
    }
  }

  async #tell(text: string, late: AbortSignal): Promise<void> {
    const { path } = this.#place;
    await this.#check();
    using connection = await this.#system.connect(path);
    late.throwIfAborted();
    // What hangs then ends.
    late.addEventListener("abort", () => connection[Symbol.dispose]());
    const id = this.#system.randomId();
    await writeAll(connection, inboxLines(this.#place, { text, id }));
    await connection.closeWrite();
    await readToEnd(connection);
  }

  /** A socket of this user's, in a folder where nobody else can put another in its place. @throws {Failure} */
  async #check(): Promise<void> {
    const { path } = this.#place;
    const own = await this.#system.ownUid();
    const socket = await this.#system.facts(path);
    if (!socket.isSocket) throw inboxFailure("it is no socket");
    if (own === null || socket.uid !== own) {
      throw inboxFailure("it is not known to be this user's");
    }
    const folder = await this.#folder;
    if (folder === null || !isClosed(folder, own)) {
      throw inboxFailure("others can write in its folder");
    }
  }
}

/** Whether only its owner, this user or root, can put something in a place that is taken in the folder. */
function isClosed({ isDirectory, mode, uid }: SocketFacts, own: number) {
  const bits = mode ?? 0;
  const isOpen = (bits & WRITABLE) !== 0 && (bits & STICKY) === 0;
  return isDirectory && !isOpen && (uid === own || uid === 0);
}

async function writeAll(
  connection: InboxConnection,
  text: string,
): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}

/** Until the session hangs up, as it does when it has read to the end. */
async function readToEnd(connection: InboxConnection): Promise<void> {
  const bytes = new Uint8Array(1024);
  for (let size = 0; size < MOST_ANSWER;) {
    const read = await connection.read(bytes);
    if (read === null) return;
    size += read;
  }
}

/** Why the inbox was not told. */
export function inboxFailure(reason: string, cause?: unknown): Failure {
  return new Failure("WAKE_FAILED", { fields: { reason }, cause });
}

/** The system's words never hold what was written. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) {
    return "this program is not allowed to reach it";
  }
  if (cause instanceof Deno.errors.NotFound) return "it is gone";
  if (cause instanceof Deno.errors.ConnectionRefused) return "nobody listens";
  return cause instanceof Error ? cause.message : "no reason given";
}
