import type { HookProgram } from "./hook_table.ts";

/** So much of a session's name is kept. */
const MOST_SESSION = 48;

/** What the daemon knows a program's session by, whichever way it is woken: what one of them told is told. */
export function sessionWatcher(program: HookProgram, session: string): string {
  const name = session.slice(0, MOST_SESSION).replace(/[^A-Za-z0-9_.-]/g, "_");
  return `${program}:${name}`;
}
