import type { Status } from "../local_api/types/status.ts";

/**
 * Whether what a message is, and what it answers, arrives with it in a room: where the relay passes signed fields on, and
 * wherever it stands in what is sealed.
 */
export function carriesMarks(
  { relay_features, rooms }: Pick<Status, "relay_features" | "rooms">,
  room: string,
): boolean {
  return relay_features.includes("fields") || room.startsWith("@") ||
    rooms.some((one) => one.name === room && one.private === true);
}
