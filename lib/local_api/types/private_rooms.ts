// Private rooms: `join_private`, `member`, `recover`.

import type { RoomName } from "../../protocol/names.ts";
import type { JoinedRoom } from "./rooms.ts";

/** Body of POST /v2/join_private. */
export interface PrivateJoinRequest {
  /** The invitation's text. */
  readonly invite: string;
}

/** Answer of POST /v2/join_private. */
export interface PrivateJoin {
  /** asked: an admin's daemon is to let this agent in. */
  readonly status: "joined" | "asked";
  readonly room: JoinedRoom;
  /** Who invited, as far as is known, and whether he is there. */
  readonly admin: {
    readonly id: string;
    readonly name: string;
    readonly connected: boolean;
  };
}

/** Body of POST /v2/member. */
export interface MemberRequest {
  readonly room: RoomName;
  /** A key, its start, or the name of a member. */
  readonly agent: string;
  readonly change: "add" | "remove" | "admin";
}

/** Answer of POST /v2/member. */
export interface MemberDone {
  readonly room: RoomName;
  /** The whole key. */
  readonly agent: string;
  readonly change: "add" | "remove" | "admin";
  readonly epoch: number;
  readonly members: number;
  /** Where somebody was added: what he joins by. */
  readonly invite?: string;
}

/** Body of POST /v2/recover. */
export interface RecoverRequest {
  /** A room's name on the wire, which is entered though nothing in it is signed by this agent. */
  readonly wire?: string;
}

/** Answer of POST /v2/recover: private rooms of the relay whose keys are sealed to this agent. */
export interface Recovered {
  readonly rooms: readonly {
    /** What it is called here; its name on the wire where it was not entered. */
    readonly name: string;
    readonly wire: string;
    /** known: it was here already; unproven: nothing in it is signed by this agent. */
    readonly status: "recovered" | "known" | "unproven";
  }[];
}
