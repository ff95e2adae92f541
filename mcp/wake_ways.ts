import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp";
import type { Wake } from "../lib/local_api/types/wakes.ts";
import { wakeText } from "../lib/rendering/wake_text.ts";
import type { Watcher } from "./wakes.ts";

/** How this server may wake the session of its client. */
export interface WakeOptions extends Watcher {
  /** Puts a text into the session's own inbox, where its environment names one. */
  readonly inbox?: (text: string) => Promise<void>;
  /** By notifications of the client's preview of channels, in place of the inbox. */
  readonly isChannel: boolean;
  /** The identity by whose name the agent's commands find it, where it has one. */
  readonly as?: string;
}

/** The client whose sessions have an inbox, by the name that it gives itself. */
const INBOX_CLIENT = "claude-code";
/** The capability and notification of the preview of channels. */
const CHANNEL = "claude/channel";

/** What the server declares for it. */
export function wakeCapabilities({ isChannel }: WakeOptions) {
  return isChannel ? { experimental: { [CHANNEL]: {} } } : {};
}

/** How a wake comes to the session of a client that is initialized; null where there is no way to it. */
export function wakeWay(
  { server }: McpServer,
  { inbox, isChannel, as }: WakeOptions,
): ((wake: Wake) => Promise<void>) | null {
  if (isChannel) return (wake) => server.notification(channelEvent(wake, as));
  const isInboxClient = server.getClientVersion()?.name === INBOX_CLIENT;
  if (inbox === undefined || !isInboxClient) return null;
  return (wake) => inbox(wakeText(wake, as));
}

/** A wake as an event of a channel. */
export function channelEvent(wake: Wake, as?: string) {
  const { unread, named } = wake;
  const meta = { unread: `${unread}`, for_you: `${named}` };
  const params = { content: wakeText(wake, as), meta };
  return { method: `notifications/${CHANNEL}` as const, params };
}
