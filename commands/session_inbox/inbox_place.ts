/** The inbox of the session that started this process, as its environment names it. */
export interface InboxPlace {
  /** Of a Unix socket. */
  readonly path: string;
  readonly token: string;
  /** The session's name. */
  readonly session: string;
}

/** Longest path of a Unix socket that every system takes, in bytes. */
const LONGEST_PATH = 103;
/** Absolute, of characters that mean nothing to a shell or in a list of permissions (scripts/rights.sh). */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_.-]+)+$/;
const DOTS = /\/\.\.?(?:\/|$)/;
const TOKEN = /^[\x21-\x7e]{1,512}$/;

/**
 * Reads the variables that Claude Code gives its MCP servers. They alone say where the inbox is.
 *
 * @returns null where there is none, and where what stands there can't be used: it is another program's then.
 */
export function inboxPlace(
  env: (name: string) => string | undefined,
): InboxPlace | null {
  const path = env("CLAUDE_CODE_MESSAGING_SOCKET") ?? "";
  const token = env("CLAUDE_CODE_MESSAGING_TOKEN") ?? "";
  const session = env("CLAUDE_CODE_SESSION_ID") ?? "";
  const isPlain = PLAIN_PATH.test(path) && !DOTS.test(path) &&
    path.length <= LONGEST_PATH;
  if (!isPlain || !TOKEN.test(token) || session === "") return null;
  return { path, token, session };
}
