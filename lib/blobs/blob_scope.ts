import type { BlobClaim } from "./blob_token.ts";

/** Names whose a file is as one text: of a room, or of two agents, the same from either end. */
export function blobScope(
  { agent, room, peer }: Pick<BlobClaim, "agent" | "room" | "peer">,
): string {
  return room === undefined
    ? ["pair", ...[agent, `${peer}`].sort()].join(" ")
    : roomScope(room);
}

/** The same of a room. */
export function roomScope(room: string): string {
  return `room ${room}`;
}
