import { defined } from "../../lib/defined.ts";
import type { Failure } from "../../lib/errors.ts";
import { sessionWatcher } from "../../lib/hooks/session_watcher.ts";
import type { WakePolicy } from "../../lib/local_api/wake_policy.ts";
import type { WakeOptions } from "../../mcp/wake_ways.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { inboxPlace } from "./inbox_place.ts";
import { inboxFailure, SessionInbox } from "./session_inbox.ts";

/** How the session that started this process is woken. */
export interface SessionWakes {
  readonly options: WakeOptions;
  /** Of its inbox, for who gives rights away. */
  readonly inboxPath?: string;
}

/**
 * Reads from the environment how the session is woken; null where it is not.
 *
 * @param dataDir of this user's, whose owner the inbox must have.
 * @param onTrouble told of an inbox that can't be used.
 */
export function sessionWakes(
  context: CliContext,
  { wake, channel = false, as, dataDir, onTrouble }: {
    readonly wake?: WakePolicy;
    readonly channel?: boolean;
    /** The identity that the agent is found by. */
    readonly as?: string | undefined;
    readonly dataDir: string;
    readonly onTrouble: (failure: Failure) => void;
  },
): SessionWakes | null {
  if (wake === "off") return null;
  const env = (name: string) => context.env(name);
  const place = inboxPlace(env);
  const isNamed = (env("CLAUDE_CODE_MESSAGING_SOCKET") ?? "") !== "";
  if (place === null && isNamed && !channel) {
    onTrouble(inboxFailure("what the environment says of it can't be used"));
  }
  if (place === null && !channel) return null;
  const session = place?.session ?? `pid-${context.pid()}`;
  const inbox = place === null ? undefined : new SessionInbox(place, {
    clock: context.clock,
    facts: (path) => Deno.lstat(path),
    connect: (path) => Deno.connect({ transport: "unix", path }),
    ownUid: () => ownerOf(dataDir),
    randomId: () => crypto.randomUUID(),
  });
  return {
    options: {
      watcher: sessionWatcher("claude", session),
      isChannel: channel,
      ...defined({ wake, as }),
      ...(inbox && { inbox: (text: string) => inbox.tell(text) }),
    },
    ...defined({ inboxPath: place?.path }),
  };
}

/** Null where nobody knows. */
async function ownerOf(path: string): Promise<number | null> {
  try {
    return (await Deno.lstat(path)).uid;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
