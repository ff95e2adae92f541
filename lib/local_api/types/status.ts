// How a daemon stands: `GET /v2/status`.

import type { RoomName } from "../../protocol/names.ts";
import type { InvitationEnd } from "../../protocol/invitation_ends.ts";

/** Where the connection to the relay stands. */
export type ConnectionState =
  | "connecting"
  | "proving"
  | "connected"
  | "waiting"
  | "refused"
  | "stopped";

/**
 * joined: the relay has us in it; joining: it is being asked; waiting: for a connection, or until the relay lets us in;
 * ended: the relay has no such room any more.
 */
export type RoomState = "joined" | "joining" | "waiting" | "ended";

export interface RoomStatus {
  readonly name: RoomName;
  readonly state: RoomState;
  /** Whether the relay has us in it now. */
  readonly joined: boolean;
  readonly unread: number;
  /** Why it is not joined, in words; absent while joined. */
  readonly reason?: string;
  /** True where it is sealed from end to end. */
  readonly private?: true;
  /** Messages of it that can't be opened yet; absent for none. */
  readonly sealed?: number;
  /** This agent was a member of it, and is none any more: they are not meant for it. */
  readonly removed?: true;
  /** As in `PrivateView`. */
  readonly refused?: InvitationEnd;
}

/** How a talk with one agent alone stands. */
export interface TalkStatus {
  /** What it is called here: `@` and a name. */
  readonly room: RoomName;
  /** The other's id. */
  readonly agent: string;
  readonly unread: number;
  /** Own messages that wait to be sent. */
  readonly waiting: number;
  /** Where the relay keeps nothing for one agent alone: whether both are in the room of the pair. */
  readonly here?: boolean;
}

/** What kind of program a daemon runs in: its own, or an agent program's MCP server, which ends with its client. */
export type Holder = "daemon" | "mcp";

/** How far the search for a room's proof of work has come. */
export interface ProofProgress {
  readonly hashes: number;
  /** How many it takes on average; a search may take fewer or several times as many. */
  readonly expected: number;
  readonly elapsed_ms: number;
}

/** GET /v2/status */
export interface Status {
  readonly state: ConnectionState;
  /** Why the state is what it is, in words. */
  readonly reason: string;
  /** True only with a pong (or the welcome) within the last 45 s. */
  readonly connected: boolean;
  readonly relay: string;
  readonly relay_features: readonly string[];
  readonly agent_id: string;
  readonly agent_name: string;
  readonly rooms: readonly RoomStatus[];
  /** At most 100, those first in which something waits; absent for none. */
  readonly talks?: readonly TalkStatus[];
  /** What agents wrote who are not known here: `agentnet requests`; absent for none. */
  readonly requests?: number;
  readonly version: string;
  readonly pid: number;
  readonly held_by: Holder;
  readonly api: string;
  /** When the daemon started. */
  readonly started_at: number;
  /** Last pong; absent before the first connection. */
  readonly last_pong_at?: number;
  /** Our clock minus the relay's, as far as its frames tell. */
  readonly clock_skew_ms?: number;
  /** When the next try to connect is made, while waiting. */
  readonly retry_at?: number;
  readonly unread: number;
  /** Only while a proof of work for a room is sought. */
  readonly proof?: ProofProgress;
  readonly queued: number;
  /** Sends given up or refused since the start. */
  readonly failed_sends: number;
  /** Frames dropped as malformed, and messages refused as forged. */
  readonly dropped_frames: number;
  readonly forged: number;
  readonly worker_restarts: number;
  /** Why the session worker was started again last. */
  readonly worker_restart_reason?: string;
  readonly warnings: readonly string[];
  /** Absent from daemons of earlier versions. */
  readonly wakes?: WakeStatus;
}

/** How often this agent's watchers were woken. */
export interface WakeStatus {
  /** Within the last day. */
  readonly today: number;
  /** What holds back every wake just now, in words. */
  readonly brake?: string;
  /** The programs that the daemon itself posts wakes to; absent for none. */
  readonly targets?: readonly WakeTargetStatus[];
}

/** How an agent program takes the wakes that the daemon posts to it. */
export interface WakeTargetStatus {
  readonly program: "openclaw" | "opencode";
  readonly url: string;
  /** How often it took one, since the daemon's start. */
  readonly woken: number;
  /** Why it took none the last time, in words; absent where it did. */
  readonly trouble?: string;
}
