import { createHash } from "node:crypto";
import type { RoomsSettings } from "../rooms/rooms_state.ts";

/** What a view keeps at most, as far as it goes by its log. */
export interface Retained {
  /** Milliseconds. */
  readonly retainMs: number;
  readonly retainRows?: number;
}

/**
 * Stands for what all relays of a log must be told alike, since their views would differ otherwise: hex. Rates are not
 * among it: they are judged where a frame comes in.
 */
export function sharedSettings(
  { roomIdleMs, roomEmptyMs, roomGraceMs, blobs, limits }: RoomsSettings,
  { retainMs, retainRows }: Retained,
): string {
  const { rooms, roomsPerAgent, membersPerRoom } = limits;
  const { emptyRoomsPerAddress, emptyBytesPerAddress, emptyBytes } = limits;
  const shared = [
    ...[roomIdleMs, roomEmptyMs, roomGraceMs, retainMs, retainRows],
    ...[rooms, roomsPerAgent, membersPerRoom],
    ...[emptyRoomsPerAddress, emptyBytesPerAddress, emptyBytes],
    ...(blobs === null ? [] : [blobs.keptMs, blobs.agentBytes]),
    ...(blobs === null ? [] : [blobs.roomBytes, blobs.addressBytes]),
    ...(blobs === null ? [] : [blobs.totalBytes]),
  ];
  return createHash("sha256").update(shared.map(String).join(" "))
    .digest("hex").slice(0, 16);
}
