import { isRoomName, parseRoomName, type RoomName } from "./names.ts";

/** What the talk with one agent alone is called here, as a room is: `@` and a name. Never on the wire. */
const DIRECT_ROOM = /^@[a-z0-9-]{1,64}$/;
/** Such a name as it is typed: `@` and whatever the other agent goes by, or its key. */
const TYPED = /^@[\p{L}\p{N}\p{P}\p{S} ]{1,64}$/u;

/** Whether it is what a talk with one agent is called here. */
export function isDirectRoom(value: unknown): value is RoomName {
  return typeof value === "string" && DIRECT_ROOM.test(value);
}

/** Whether something is kept here under the name: a room's, or a talk's with one agent. */
export function isLocalRoom(value: unknown): value is RoomName {
  return isRoomName(value) || isDirectRoom(value);
}

/** A room's name as it was typed, or `@` and whom it means, which the daemon tells; null for what is neither. */
export function parseLocalRoom(text: string): RoomName | null {
  return TYPED.test(text) ? text as RoomName : parseRoomName(text);
}

/** What a talk with an agent of that name is called, where that is free. */
export function directRoomOf(name: string, suffix = ""): RoomName {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "").slice(0, 40) || "agent";
  return `@${slug}${suffix}` as RoomName;
}
