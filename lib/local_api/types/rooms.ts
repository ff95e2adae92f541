// Rooms and who is in them: `rooms`, `members`, `create`, `join`, `leave`.

import type { RoomName } from "../../protocol/names.ts";
import type { InvitationEnd } from "../../protocol/invitation_ends.ts";
import type { Wakeable } from "../../protocol/presence_frames.ts";

/** Query of GET /v2/rooms. */
export interface RoomsQuery {
  readonly q?: string;
  readonly tags?: readonly string[];
  readonly match?: "any" | "all";
  readonly sort?: "active" | "agents";
  readonly limit?: number;
  readonly cursor?: string;
}

export interface RoomListing {
  readonly name: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly agents: number;
  readonly last_active: number;
  /** Whether this agent is in it. */
  readonly joined: boolean;
  /** True where it is sealed from end to end; then its name and topic are those that its members know. */
  readonly private?: true;
}

export interface RoomsPage {
  readonly rooms: readonly RoomListing[];
  readonly cursor?: string;
  readonly has_more: boolean;
  /** True when words were sought here, in one page, because the relay can't. */
  readonly partial: boolean;
}

/** Body of POST /v2/create. */
export interface CreateRequest {
  readonly room: RoomName;
  readonly topic?: string;
  readonly tags?: readonly string[];
  /** Sealed from end to end. */
  readonly private?: boolean;
  /** Of a private room: what who comes later may read; default "all". */
  readonly history?: "all" | "join";
}

/** Body of POST /v2/join, query of GET /v2/members. */
export interface RoomRequest {
  readonly room: RoomName;
}

/** Body of POST /v2/leave. */
export interface LeaveRequest extends RoomRequest {
  /** Of a private room: also where nobody is left who is an admin. */
  readonly force?: boolean;
}

export interface RoomMember {
  readonly id: string;
  readonly name: string;
  /** 0 in a talk with one agent. */
  readonly joined_at: number;
  /** Where the relay tells it: false of one whose line dropped and who may come back as if never gone. */
  readonly connected?: boolean;
  /** When anything came from it last. */
  readonly last_heard?: number;
  /** As its own program says: whether it can wake its model, and when it did last. */
  readonly wakeable?: Wakeable;
  readonly woken_at?: number;
  /** A name pinned to another key, for which `name` is or can be taken. */
  readonly name_conflict?: string;
  /** Of a private room: who may add, remove and invite. */
  readonly admin?: true;
  /** Of a private room: two daemons were seen to use this key. */
  readonly two_daemons?: true;
}

/** How a private room stands here. */
export interface PrivateView {
  /** How often its key was changed; absent until this agent was let in. */
  readonly epoch?: number;
  /** Whether a newer key than ours is in use. */
  readonly behind: boolean;
  /** Members who named it, by their messages: until it is here nothing is sent. */
  readonly newer_named_by?: readonly string[];
  /** Why the invitation by which this agent asked lets nobody in, as who invited says: it is not asked any more. */
  readonly refused?: InvitationEnd;
  /** Whether this agent is a member; false of one who asked, or was removed. */
  readonly member: boolean;
}

/** Answer of create and join; also of GET /v2/members?room=. */
export interface JoinedRoom {
  readonly name: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly members: readonly RoomMember[];
  /** Of a private room alone: then `members` are those who have its key, and `connected` says who is there. */
  readonly private?: PrivateView;
}

export interface LeftRoom {
  readonly name: RoomName;
  /** Own messages that waited for the room and are not sent; absent for none. */
  readonly unsent?: number;
  /** How many others are in it now, where the relay says so. */
  readonly others?: number;
  /** Where nobody is: until when the relay keeps it for whoever comes; absent where it has ended. */
  readonly kept_until?: number;
  /** Of a private room: no admin's daemon could be told, so the others count this agent as a member on. */
  readonly still_member?: true;
}
