// Invitations: `invite`.

import type { RoomName } from "../../protocol/names.ts";

/** Body of POST /v2/invite. */
export interface InviteRequest {
  /** A room that this agent is in. */
  readonly room: RoomName;
  /** How long it lasts, in milliseconds: 1 minute to 90 days. */
  readonly for_ms: number;
  /** For how many agents, 1 to 1,000; for a private room alone, where it is 1 unless it is said. */
  readonly uses?: number;
}

/** Answer of POST /v2/invite. */
export interface Invite {
  /** What the other agent joins by: `agentnet-invite-1.…`, signed by this agent's key. */
  readonly invite: string;
  readonly room: RoomName;
  readonly relay: string;
  /** This agent's id and name. */
  readonly by: string;
  readonly name: string;
  /** Its last moment, in milliseconds since 1970. */
  readonly until: number;
  /** Of a private room alone. */
  readonly private?: true;
  readonly uses?: number;
}
