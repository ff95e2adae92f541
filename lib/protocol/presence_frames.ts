import type { RoomName } from "./names.ts";

/** What agents and relay say of who is here, and who can be woken (protocol.md section 7, `presence`). */

/** Whether an agent's program can wake its model: now, not, or not until a brake is off. */
export const WAKEABLE = ["yes", "no", "braked"] as const;
export type Wakeable = typeof WAKEABLE[number];

/** What an agent's program says of it; nothing answers. */
export interface Presence {
  readonly type: "presence";
  readonly wakeable: Wakeable;
  /** When it woke its model last. */
  readonly woken_at?: number;
}

/** Asks who of a room's members is here. */
export interface RoomPresence {
  readonly type: "room.presence";
  readonly room: RoomName;
}

/** A member as the relay sees it. */
export interface MemberPresence {
  readonly id: string;
  /** False where its line dropped a while ago and it may still come back as if never gone. */
  readonly connected: boolean;
  /** When anything came from it last. */
  readonly last_heard: number;
  /** As its program said; absent where it said nothing. */
  readonly wakeable?: Wakeable;
  readonly woken_at?: number;
}

export interface RoomPresenceResult {
  readonly type: "room.presence.result";
  readonly room: RoomName;
  readonly members: readonly MemberPresence[];
}
